// The chart of one indicator. The table below it says the same; the colours are those of the page, dark or light.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import './css/kpis.css';

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function option(data) {
  const colour = colours();
  const text = { color: colour('quiet'), fontFamily: getComputedStyle(document.body).fontFamily };
  const line = { lineStyle: { color: colour('line') } };
  const target = data.target === null ? undefined : {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colour('risk'), type: 'dashed' },
    label: { ...text, color: colour('risk'), formatter: `${data.target_word} ${data.target}${data.unit}`, position: 'insideEndTop' },
    data: [{ yAxis: data.target }],
  };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
    // Rich text, not HTML: the policy of the pages allows no inline style.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colour('sheet'),
      borderColor: colour('line-strong'),
      textStyle: { color: colour('text') },
      formatter: ([point]) => `${data.labels[point.dataIndex]}  ${data.shown[point.dataIndex]}`,
    },
    xAxis: { type: 'category', data: data.labels, axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: colour('line-strong') } }, axisTick: line },
    yAxis: { type: 'value', min: 0, max: data.unit === '%' ? 100 : undefined, minInterval: data.kind === 'bar' ? 1 : undefined, axisLabel: { ...text, formatter: `{value}${data.unit}` }, splitLine: line },
    series: [{
      type: data.kind,
      name: data.name,
      barMaxWidth: 40,
      symbol: 'circle',
      symbolSize: 7,
      connectNulls: false,
      lineStyle: { width: 2, color: colour('accent') },
      // The period that still runs is drawn hollow: its figure may change.
      data: data.values.map((value, at) => ({
        value,
        itemStyle: data.running[at]
          ? { color: colour('sheet'), borderColor: colour('accent'), borderWidth: 2 }
          : { color: colour('accent') },
      })),
      markLine: target,
    }],
  };
}

for (const element of document.querySelectorAll('[data-kpi]')) {
  const data = JSON.parse(element.dataset.kpi);
  const chart = init(element, null, { renderer: 'canvas' });
  const draw = () => chart.setOption(option(data), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
}

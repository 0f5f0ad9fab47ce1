// Two drawings side by side: what differs is marked on both, they move together, and the list beside leads to each mark.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import '../css/compare.css';

const COLOURS = { defaultFillColor: 'var(--bpmn-fill)', defaultStrokeColor: 'var(--bpmn-stroke)', defaultLabelColor: 'var(--bpmn-text)' };
const SIDES = ['old', 'new'];
const HERE = 'compare-here';
const SMALLEST_SCALE = 0.5; // Below it marks cannot be told apart: the picture begins at the first of them.

function element(tag, className = '', text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function word(place, what) {
  return place.dataset[`word${what[0].toUpperCase()}${what.slice(1)}`] ?? what;
}

class Side {
  constructor(place, name) {
    this.place = place;
    this.name = name;
    this.marks = {};
    this.box = element('figure', 'compare-side');
    this.box.append(element('figcaption', '', place.dataset[name]));
    this.canvas = element('div', 'diagram-canvas compare-canvas');
    this.missing = element('p', 'quiet compare-missing', place.dataset.missing);
    this.box.append(this.canvas, this.missing);
    this.viewer = new NavigatedViewer({ container: this.canvas, bpmnRenderer: COLOURS, textRenderer: { defaultStyle: { fontFamily: 'var(--font)' } } });
  }

  get registry() { return this.viewer.get('elementRegistry'); }

  get shown() { return !this.canvas.hidden; }

  async show(address, marks, cases) {
    this.marks = marks;
    this.canvas.hidden = !address;
    this.missing.hidden = Boolean(address);
    if (!address) return;
    const answer = await fetch(address);
    if (!answer.ok) return;
    await this.viewer.importXML(await answer.text());
    this.mark(cases);
  }

  mark(cases) {
    const canvas = this.viewer.get('canvas');
    const overlays = this.viewer.get('overlays');
    for (const [id, what] of Object.entries(this.marks)) {
      const shape = this.registry.get(id);
      if (!shape) continue;
      canvas.addMarker(id, `diff-${what}`);
      if (!shape.waypoints) overlays.add(id, { position: { top: -12, left: 4 }, html: element('span', `diff-badge diff-badge-${what}`, word(this.place, what)) });
    }
    for (const [id, number] of Object.entries(cases)) {
      if (!this.registry.get(id)) continue;
      const badge = element('span', 'diagram-count', String(number));
      badge.title = this.place.dataset.cases;
      overlays.add(id, { position: { bottom: 12, right: 12 }, html: badge });
    }
  }

  whole() {
    if (!this.shown) return;
    const canvas = this.viewer.get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    if (canvas.zoom() >= SMALLEST_SCALE) return;
    const first = Object.keys(this.marks).map((id) => this.registry.get(id)).find((one) => one && !one.waypoints);
    if (first) this.lookAt(first, SMALLEST_SCALE);
  }

  lookAt(shape, scale) {
    const canvas = this.viewer.get('canvas');
    const box = shape.waypoints ? middle(shape.waypoints) : shape;
    const { outer } = canvas.viewbox();
    const at = { x: box.x + (box.width ?? 0) / 2, y: box.y + (box.height ?? 0) / 2 };
    canvas.viewbox({ x: at.x - outer.width / scale / 2, y: at.y - outer.height / scale / 2, width: outer.width / scale, height: outer.height / scale });
  }

  point(id) {
    if (!this.shown) return false;
    const canvas = this.viewer.get('canvas');
    this.registry.filter((one) => canvas.hasMarker(one, HERE)).forEach((one) => canvas.removeMarker(one, HERE));
    const shape = this.registry.get(id);
    if (!shape) return false;
    canvas.addMarker(shape, HERE);
    this.lookAt(shape, Math.max(canvas.zoom(), 0.8));
    return true;
  }
}

function middle(points) {
  const at = points[Math.floor(points.length / 2)];
  return { x: at.x, y: at.y };
}

// What one drawing shows the other shows too. Setting a view tells of a change as well, so the answer is not answered.
function together(one, other) {
  let isAnswer = false;
  for (const [from, to] of [[one, other], [other, one]]) {
    from.viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
      if (isAnswer || !to.shown || !from.shown) return;
      isAnswer = true;
      const canvas = to.viewer.get('canvas');
      const { outer } = canvas.viewbox();
      canvas.viewbox({ x: viewbox.x, y: viewbox.y, width: outer.width / viewbox.scale, height: outer.height / viewbox.scale });
      isAnswer = false;
    });
  }
}

function zoomButtons(place, side, whole) {
  const bar = element('div', 'diagram-zoom');
  const canvas = side.viewer.get('canvas');
  const acts = [
    ['+', place.dataset.nearer, () => canvas.zoom(canvas.zoom() * 1.25, 'auto')],
    ['−', place.dataset.further, () => canvas.zoom(canvas.zoom() / 1.25, 'auto')],
    ['⤢', place.dataset.whole, whole],
  ];
  for (const [sign, label, act] of acts) {
    const button = element('button', '', sign);
    button.type = 'button';
    button.title = label;
    button.setAttribute('aria-label', `${label} · ${place.dataset[side.name]}`);
    button.addEventListener('click', act);
    bar.append(button);
  }
  return bar;
}

async function compare(place) {
  const answer = await fetch(place.dataset.compare);
  if (!answer.ok) return;
  const processes = await answer.json();
  if (!processes.length) return;
  const sides = SIDES.map((name) => new Side(place, name));
  const [old, fresh] = sides;
  together(old, fresh);
  const whole = () => (old.shown ? old : fresh).whole();
  sides.forEach((side) => side.canvas.append(zoomButtons(place, side, whole)));
  const row = element('div', 'compare-row');
  row.append(...sides.map((side) => side.box));

  const label = element('label', 'compare-process', `${place.dataset.process} `);
  const choice = element('select', 'form-select');
  processes.forEach((one, number) => choice.append(new Option(`${one.name} · ${Object.keys({ ...one.old, ...one.new }).length}`, String(number))));
  label.append(choice);
  place.append(label, row);

  let shown = -1;
  const show = async (number) => {
    if (number === shown) return;
    shown = number;
    choice.value = String(number);
    const one = processes[number];
    await Promise.all([old.show(one.old_drawing, one.old, one.cases), fresh.show(one.new_drawing, one.new, {})]);
    whole();
  };
  choice.addEventListener('change', () => show(Number(choice.value)));

  const lines = [...document.querySelectorAll('[data-place]')];
  const light = (line) => lines.forEach((one) => one.classList.toggle(HERE, one === line));
  for (const line of lines) {
    const [process, id] = line.dataset.place.split(' ');
    line.querySelector('[data-jump]').addEventListener('click', async () => {
      const number = processes.findIndex((one) => one.process_key === process);
      if (number < 0) return;
      await show(number);
      light(line);
      const found = sides.map((side) => side.point(id));
      if (found.some(Boolean)) place.scrollIntoView({ block: 'nearest' });
    });
  }
  for (const side of sides) {
    side.viewer.on('element.click', ({ element: chosen }) => {
      const id = chosen.id.replace(/_label$/, '');
      const line = lines.find((one) => one.dataset.place === `${processes[shown].process_key} ${id}`);
      if (!line) return;
      light(line);
      line.querySelector('[data-jump]').focus();
      line.scrollIntoView({ block: 'nearest' });
    });
  }
  await show(0);
  place.dataset.ready = 'true';
}

for (const place of document.querySelectorAll('[data-compare]')) compare(place);

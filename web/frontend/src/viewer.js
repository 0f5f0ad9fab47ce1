// The diagrams of a case: the way so far, where it stands now, and what is overdue.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import './css/viewer.css';

performance.mark('huiyin-viewer-begun');
const COLOURS = { defaultFillColor: 'var(--bpmn-fill)', defaultStrokeColor: 'var(--bpmn-stroke)', defaultLabelColor: 'var(--bpmn-text)' };
// Below this scale labels cannot be read: the picture then begins at the present step instead of showing all.
const SMALLEST_SCALE = 0.8;

function badge(text, className, title = '') {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  element.title = title;
  return element;
}

function mark(viewer, state, words) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  const each = (ids, act) => ids.forEach((id) => registry.get(id) && act(id));
  each(state.finished, (id) => canvas.addMarker(id, 'way-done'));
  each(state.flows, (id) => canvas.addMarker(id, 'way-done'));
  each(state.active, (id) => canvas.addMarker(id, 'way-active'));
  each(state.overdue, (id) => {
    canvas.addMarker(id, 'way-overdue');
    overlays.add(id, { position: { top: -14, right: 40 }, html: badge(words.overdue, 'diagram-badge') });
  });
  each(Object.keys(state.counts), (id) => {
    if (registry.get(id).type !== 'bpmn:UserTask') return;
    const times = state.counts[id];
    overlays.add(id, { position: { bottom: 12, left: -8 }, html: badge(`×${times}`, 'diagram-count', `${times} ${words.times}`) });
  });
  each(state.incidents, (id) => canvas.addMarker(id, 'way-stopped'));
  // Of replays: at how many cases something would have been different here.
  (state.badges ?? []).filter(({ id }) => registry.get(id)).forEach(({ id, text, title, is_grave: isGrave }) => {
    canvas.addMarker(id, isGrave ? 'way-overdue' : 'way-done');
    overlays.add(id, { position: { top: -14, right: 20 }, html: badge(text, isGrave ? 'diagram-badge' : 'diagram-count', title) });
  });
  // Of stories: what none of them passes, and in which order one of them went.
  each(state.missed ?? [], (id) => canvas.addMarker(id, 'way-missed'));
  each(Object.keys(state.order ?? {}), (id) => {
    overlays.add(id, { position: { top: -12, left: -8 }, html: badge(state.order[id], 'diagram-count', `${words.order}: ${state.order[id]}`) });
  });
}

function look(viewer, state) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= SMALLEST_SCALE) return;
  const ids = [...state.overdue, ...state.active, ...state.finished, ...(state.badges ?? []).map(({ id }) => id)];
  const shown = ids.map((id) => registry.get(id)).find(Boolean);
  canvas.zoom(SMALLEST_SCALE, shown ? { x: shown.x + shown.width / 2, y: shown.y + shown.height / 2 } : 'auto');
  if (shown) canvas.scrollToElement(shown, { top: 120, right: 300, bottom: 120, left: 120 });
}

function zoomButtons(viewer, words) {
  const bar = document.createElement('div');
  bar.className = 'diagram-zoom';
  const canvas = viewer.get('canvas');
  const acts = [
    ['+', words.nearer, () => canvas.zoom(canvas.zoom() * 1.25, 'auto')],
    ['−', words.further, () => canvas.zoom(canvas.zoom() / 1.25, 'auto')],
    ['⤢', words.whole, () => canvas.zoom('fit-viewport', 'auto')],
  ];
  for (const [sign, label, act] of acts) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = sign;
    button.title = label;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    bar.append(button);
  }
  return bar;
}

// A link for each rule of the element that was chosen, in the paragraph below the diagram.
function tellRules(viewer, place, state) {
  const line = document.querySelector('[data-rules]');
  viewer.on('element.click', ({ element }) => {
    const ids = state.rules[element.id.replace(/_label$/, '')] ?? [];
    const named = element.businessObject?.name ?? '';
    line.replaceChildren(named ? `${named}：` : '', ...(ids.length ? ids.flatMap((id) => [link(place, id), ' ']) : [place.dataset.noRules]));
  });
}

function link(place, id) {
  const anchor = document.createElement('a');
  anchor.className = 'tag';
  anchor.href = place.dataset.rule.replace('RULE', id.split('/').map(encodeURIComponent).join('/'));
  anchor.textContent = id;
  return anchor;
}

async function draw(place, panel, state, words) {
  if (panel.dataset.drawn) return;
  panel.dataset.drawn = 'true';
  const answer = await fetch(place.dataset.drawing.replace('PROCESS', encodeURIComponent(state.process_key)));
  if (!answer.ok) return;
  const viewer = new NavigatedViewer({ container: panel, bpmnRenderer: COLOURS, textRenderer: { defaultStyle: { fontFamily: 'var(--font)' } } });
  await viewer.importXML(await answer.text());
  look(viewer, state);
  mark(viewer, state, words);
  if (state.rules) tellRules(viewer, place, state);
  panel.append(zoomButtons(viewer, words));
  performance.mark('huiyin-viewer-ready');
}

function tabs(place, states, choose) {
  const bar = document.createElement('div');
  bar.className = 'diagram-tabs';
  bar.setAttribute('role', 'tablist');
  states.forEach((state, number) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.textContent = state.name;
    tab.id = `diagram-tab-${number}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `diagram-${number}`);
    tab.classList.toggle('here', state.active.length > 0);
    tab.classList.toggle('late', state.overdue.length > 0);
    tab.addEventListener('click', () => choose(number));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (number + step + states.length) % states.length;
      choose(next);
      bar.children[next].focus();
    });
    bar.append(tab);
  });
  place.append(bar);
  return bar;
}

async function show(place) {
  const answer = await fetch(place.dataset.diagram);
  if (!answer.ok) return;
  const states = await answer.json();
  const words = { ...place.dataset };
  const panels = states.map((state, number) => {
    const panel = document.createElement('div');
    panel.className = 'diagram-canvas';
    panel.id = `diagram-${number}`;
    if (states.length > 1) {
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', `diagram-tab-${number}`);
    }
    return panel;
  });
  let bar;
  const choose = async (chosen) => {
    panels.forEach((panel, number) => { panel.hidden = number !== chosen; });
    [...(bar?.children ?? [])].forEach((tab, number) => {
      tab.setAttribute('aria-selected', String(number === chosen));
      tab.tabIndex = number === chosen ? 0 : -1;
    });
    await draw(place, panels[chosen], states[chosen], words);
  };
  if (states.length > 1) bar = tabs(place, states, choose);
  place.append(...panels);
  await choose(0);
  place.dataset.ready = 'true';
}

for (const place of document.querySelectorAll('[data-diagram]')) show(place);

// The diagram of a case: the way so far, where it stands now, and what is overdue.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import './css/viewer.css';

const COLOURS = { defaultFillColor: 'var(--bpmn-fill)', defaultStrokeColor: 'var(--bpmn-stroke)', defaultLabelColor: 'var(--bpmn-text)' };

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
    const badge = document.createElement('span');
    badge.className = 'diagram-badge';
    badge.textContent = words.overdue;
    overlays.add(id, { position: { top: -14, right: 40 }, html: badge });
  });
  each(Object.keys(state.counts), (id) => {
    if (registry.get(id).type !== 'bpmn:UserTask') return;
    const badge = document.createElement('span');
    badge.className = 'diagram-count';
    badge.textContent = `×${state.counts[id]}`;
    badge.title = `${state.counts[id]} ${words.times}`;
    overlays.add(id, { position: { bottom: 12, left: -8 }, html: badge });
  });
  each(state.incidents, (id) => canvas.addMarker(id, 'way-stopped'));
}

async function draw(place, state, words) {
  const answer = await fetch(place.dataset.drawing.replace('PROCESS', encodeURIComponent(state.process_key)));
  if (!answer.ok) return;
  const frame = document.createElement('div');
  frame.className = 'diagram-canvas';
  place.append(frame);
  const viewer = new NavigatedViewer({ container: frame, bpmnRenderer: COLOURS, textRenderer: { defaultStyle: { fontFamily: 'var(--font)' } } });
  await viewer.importXML(await answer.text());
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  mark(viewer, state, words);
}

async function show(place) {
  const answer = await fetch(place.dataset.diagram);
  if (!answer.ok) return;
  const states = await answer.json();
  const words = { overdue: place.dataset.overdue, times: place.dataset.times };
  for (const state of states) {
    if (states.length > 1) {
      const title = document.createElement('h3');
      title.className = 'diagram-name';
      title.textContent = state.name;
      place.append(title);
    }
    await draw(place, state, words);
  }
  place.dataset.ready = 'true';
}

for (const place of document.querySelectorAll('[data-diagram]')) show(place);

// The drawing itself: bpmn-js with what an owner needs around it. A reader gets the same drawing without tools.
//
// What other folders add: `panel/index.js`, `blocks/index.js` and `fixes.js` export `additionalModules`. All find
// `config.huiyin` = {locale, path, catalog} injected, and the service `translate`.
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import SearchModule from 'bpmn-js/lib/features/search';
import KeyboardModule from 'bpmn-js/lib/features/keyboard';
import EditorActionsModule from 'bpmn-js/lib/features/editor-actions';
import MinimapModule from 'diagram-js-minimap';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import SimulationModule from 'bpmn-js-token-simulation';
import SimulationViewerModule from 'bpmn-js-token-simulation/lib/viewer';
import camunda from './camunda.json';
import { translateModule } from './translate.js';

const COLOURS = { defaultFillColor: 'var(--bpmn-fill)', defaultStrokeColor: 'var(--bpmn-stroke)', defaultLabelColor: 'var(--bpmn-text)' };
// Below this scale labels cannot be read: the drawing then begins at its start instead of showing all.
const SMALLEST_SCALE = 0.7;
// While tokens walk, elements keep our colours: the package's own are white and black in a dark page too.
const OWN_COLOURS = { neutralElementColors: ['value', {}] };
const TOOLS_WIDTH = 130;

/** A modeler in `container`, or a viewer when the person may only look. `modules` come from panel, blocks and fixes. */
export function makeCanvas({ container, panel, canEdit, translate, facts, modules }) {
  const shared = [translateModule(translate), MinimapModule];
  const options = {
    container,
    moddleExtensions: { camunda },
    bpmnRenderer: COLOURS,
    // Texts are measured outside of the page's styles, so the font is named, not a variable.
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
    huiyin: facts,
  };
  if (!canEdit) {
    return new NavigatedViewer({ ...options, additionalModules: [...shared, KeyboardModule, EditorActionsModule, SearchModule, SimulationViewerModule, OWN_COLOURS] });
  }
  return new Modeler({
    ...options,
    propertiesPanel: { parent: panel },
    additionalModules: [...shared, CreateAppendAnythingModule, SimulationModule, OWN_COLOURS, ...modules],
  });
}

/** Shows the drawing whole, or from its start when it is too large; the tools at the left never lie over it. */
export function showWhole(modeler) {
  const canvas = modeler.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
  if (canvas.zoom() < SMALLEST_SCALE) {
    canvas.zoom(SMALLEST_SCALE);
    const { inner } = canvas.viewbox();
    const view = canvas.viewbox();
    canvas.viewbox({ x: inner.x, y: inner.y - 40, width: view.width, height: view.height });
  }
  const scale = canvas.zoom();
  const box = canvas.viewbox();
  const free = (box.inner.x - box.x) * scale;
  if (free < TOOLS_WIDTH) canvas.scroll({ dx: TOOLS_WIDTH - free, dy: 0 });
}

/** Selects the element and brings it into view; on its own level of the drawing when it lies in a closed sub-process. */
export function goTo(modeler, id) {
  const element = modeler.get('elementRegistry').get(id);
  if (!element) return false;
  const canvas = modeler.get('canvas');
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  if (element !== root) {
    canvas.scrollToElement(element, { top: 100, bottom: 160, left: 160, right: 160 });
    modeler.get('selection').select(element);
  }
  return true;
}

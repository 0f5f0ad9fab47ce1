// dmn-js with what Huiyin executes: decision tables in FEEL, the kinds that docs/decision-tables.md names, and the
// picture of a file's decisions to look at. Other kinds of decisions have no view: the check refuses them.
import 'dmn-js-drd/assets/css/dmn-js-drd.css';
import 'diagram-js/assets/diagram-js.css';
import 'dmn-js-shared/assets/css/dmn-js-shared.css';
import 'dmn-js-decision-table/assets/css/dmn-js-decision-table.css';
import 'dmn-js-decision-table/assets/css/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import EditingManager from 'dmn-js-shared/lib/base/EditingManager';
import Editor from 'dmn-js-decision-table/lib/Editor';
import Viewer from 'dmn-js-decision-table/lib/Viewer';
import Overview from 'dmn-js-drd/lib/NavigatedViewer';
import { is } from 'dmn-js-shared/lib/util/ModelUtil';
import { namesForReaders } from './names.js';
import { translateModule, translator } from './words.js';

const KINDS = ['string', 'boolean', 'number', 'integer', 'long', 'double', 'date', 'Any'];
const isTable = (element) => is(element, 'dmn:Decision') && is(element.decisionLogic, 'dmn:DecisionTable');

class Manager extends EditingManager {
  _getViewProviders() {
    return [
      { id: 'decisionTable', constructor: this._options.canEdit ? Editor : Viewer, opens: isTable },
      {
        id: 'drd',
        constructor: Overview,
        opens: (element) => is(element, 'dmn:Definitions') && element.drgElement?.filter(isTable).length > 1,
      },
    ];
  }

  _getInitialView(views, ...rest) {
    return super._getInitialView(views.filter((view) => view.type === 'decisionTable'), ...rest) ?? views[0];
  }
}

export class TableEditor {
  constructor({ container, locale, canEdit, changed }) {
    this.container = container;
    this.translate = translator(locale);
    const words = { additionalModules: [translateModule(this.translate)] };
    this.manager = new Manager({ container, canEdit, common: { dataTypes: KINDS }, decisionTable: words, drd: words });
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    this.marks = { hit: [], wrong: [] };
    namesForReaders(container, this.translate);
    this.manager.on('viewer.created', ({ viewer }) => {
      const bus = viewer.get('eventBus');
      bus.on('commandStack.changed', ({ trigger }) => {
        this.tellHistory();
        if (trigger !== 'clear') changed();
      });
    });
  }

  /** Raises what dmn-js says of a file that it cannot read. */
  async open(text) {
    await this.manager.importXML(text);
  }

  async text() {
    return (await this.manager.saveXML({ format: true })).xml;
  }

  /** The id of the decision whose table is on the screen, or null. */
  decision() {
    const view = this.manager.getActiveView();
    return view?.type === 'decisionTable' ? view.element.id : null;
  }

  /** How many inputs and outputs the table on the screen has. */
  columns() {
    return this.container.querySelectorAll('thead th.input-cell, thead th.output-cell').length;
  }

  views() {
    const active = this.manager.getActiveView();
    return this.manager.getViews().map((view) => ({
      id: view.id, name: view.name || view.id, isOpen: view.id === active?.id, isOverview: view.type === 'drd',
    }));
  }

  async openView(id) {
    await this.manager.open(this.manager.getViews().find((view) => view.id === id));
  }

  watchViews(tell) {
    this.manager.on('views.changed', tell);
  }

  undo() {
    this.#stack()?.undo();
  }

  redo() {
    this.#stack()?.redo();
  }

  watchHistory(tell) {
    this.tellsHistory = tell;
    this.tellHistory();
  }

  tellHistory() {
    const stack = this.#stack();
    this.tellsHistory?.({ undo: Boolean(stack?.canUndo()), redo: Boolean(stack?.canRedo()) });
  }

  /** Opens the table that holds the rule, and puts the cursor into it. */
  async goTo({ decision, id }) {
    if (decision && decision !== this.decision()) await this.openView(decision);
    const cell = this.container.querySelector(`td[data-row-id="${CSS.escape(id)}"][data-col-id]`);
    if (!cell) return;
    cell.scrollIntoView({ block: 'center', inline: 'nearest' });
    (cell.querySelector('[contenteditable], [tabindex]') ?? cell).focus();
    cell.click();
  }

  /** `rows`: ids of rules that hit a tried row, or that a finding is about. Shown by a sign as well as by colour. */
  mark(kind, rows) {
    this.marks[kind] = rows;
    const rule = (ids, style, sign) => ids.length
      ? `tr:has(> td:is(${ids.map((id) => `[data-row-id="${CSS.escape(id)}"]`).join(',')})) > td { ${style} }
         td.rule-index:is(${ids.map((id) => `[data-row-id="${CSS.escape(id)}"]`).join(',')})::before { content: "${sign} "; }`
      : '';
    this.sheet.replaceSync(
      rule(this.marks.wrong, 'background-color: var(--risk-soft) !important;', '!')
      + rule(this.marks.hit, 'background-color: var(--accent-soft) !important;', '✓'),
    );
  }

  #stack() {
    return this.manager.getActiveViewer()?.get('commandStack', false);
  }
}

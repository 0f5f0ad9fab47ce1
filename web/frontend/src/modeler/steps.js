// The drawing as a table, for whoever does not work with a picture: each step, who does it, its limit and findings.
// The chosen line and the chosen element are always the same one.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { goTo } from './canvas.js';
import { sign } from '../editing/signs.js';
import { kindOf } from './kinds.js';

const LIMIT_CALL = /limit\(\s*["']([^"']+)["']\s*\)/g;

function propertyOf(element, name) {
  const holder = getBusinessObject(element).extensionElements?.values?.find((one) => is(one, 'camunda:Properties'));
  return holder?.values?.find((one) => one.name === name)?.value ?? '';
}

function timerOf(element) {
  const timer = getBusinessObject(element).eventDefinitions?.find((one) => is(one, 'bpmn:TimerEventDefinition'));
  return timer ? (timer.timeDuration ?? timer.timeDate ?? timer.timeCycle)?.body ?? '' : '';
}

function inOrder(a, b) {
  return a.x - b.x || a.y - b.y;
}

/** Flow nodes in the order in which a reader meets them: along the flows from where it starts, boundary events after their step. */
export function stepsOf(registry) {
  const nodes = registry.filter((one) => is(one, 'bpmn:FlowNode') && !one.labelTarget);
  const listed = new Map();
  const add = (node, depth) => {
    if (listed.has(node)) return;
    listed.set(node, depth);
    nodes.filter((one) => one.host === node).sort(inOrder).forEach((one) => listed.set(one, depth + 1));
    nodes.filter((one) => one.parent === node || one.parent?.businessObject === node.businessObject && one.parent !== node.parent)
      .filter((one) => !one.incoming.length && !one.host).sort(inOrder).forEach((one) => add(one, depth + 1));
    node.outgoing.filter((flow) => is(flow, 'bpmn:SequenceFlow')).map((flow) => flow.target).sort(inOrder).forEach((one) => add(one, depth));
    nodes.filter((one) => one.host === node).sort(inOrder).forEach((one) => one.outgoing.forEach((flow) => flow.target && add(flow.target, depth)));
  };
  nodes.filter((one) => !one.incoming.length && !one.host).sort(inOrder).forEach((one) => add(one, 0));
  nodes.sort(inOrder).forEach((one) => add(one, 0));
  return [...listed].map(([element, depth]) => ({ element, depth }));
}

export class Steps {
  constructor({ modeler, body, catalog, locale, translate }) {
    Object.assign(this, { modeler, body, catalog, locale, translate });
    this.found = new Map();
    body.addEventListener('keydown', (event) => this.#move(event));
    modeler.on('selection.changed', ({ newSelection }) => this.#choose(newSelection.length === 1 ? newSelection[0].id : null));
  }

  show(found = this.found) {
    this.found = found;
    const at = this.body.contains(document.activeElement) ? document.activeElement.closest('tr')?.dataset.element : null;
    this.body.replaceChildren(...stepsOf(this.modeler.get('elementRegistry')).map((step) => this.#line(step)));
    const chosen = this.modeler.get('selection').get();
    this.#choose(chosen.length === 1 ? chosen[0].id : null);
    if (at) this.body.querySelector(`tr[data-element="${CSS.escape(at)}"] button`)?.focus();
  }

  #line({ element, depth }) {
    const { translate } = this;
    const line = document.createElement('tr');
    line.dataset.element = element.id;
    const name = document.createElement('th');
    name.scope = 'row';
    name.className = `step-depth-${Math.min(depth, 4)}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'step-name';
    button.textContent = getBusinessObject(element).name || translate('(no name)');
    button.addEventListener('click', () => {
      goTo(this.modeler, element.id);
      button.focus(); // The table drives the drawing; its reader stays here.
    });
    name.append(button);
    const found = this.found.get(element.id) ?? [];
    const signs = document.createElement('td');
    for (const one of found) {
      const said = document.createElement('div');
      said.className = `finding-${one.severity}`;
      said.append(sign(one.severity), one.says[this.locale] ?? one.says.zh);
      signs.append(said);
    }
    line.append(name, ...[kindOf(element, translate), this.#who(element), this.#limit(element)].map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }), signs);
    return line;
  }

  #who(element) {
    const task = getBusinessObject(element);
    if (is(task, 'bpmn:UserTask')) {
      const roles = new Map((this.catalog.roles ?? []).map((role) => [role.key, role[this.locale] ?? role.zh]));
      const groups = (task.candidateGroups ?? '').split(',').map((key) => key.trim()).filter(Boolean);
      return [task.assignee, task.candidateUsers, ...groups.map((key) => roles.get(key) ?? key)].filter(Boolean).join('、');
    }
    return is(task, 'bpmn:BusinessRuleTask') ? task.decisionRef ?? '' : task.topic ?? task.calledElement ?? '';
  }

  #limit(element) {
    const timer = timerOf(element);
    const promised = propertyOf(element, 'sla');
    if (promised.startsWith('${')) return promised; // Which limit it is depends on the case.
    const names = promised.split(',').map((name) => name.trim()).filter(Boolean);
    for (const [, name] of timer.matchAll(LIMIT_CALL)) names.push(name);
    if (!names.length) return timer;
    return names.map((name) => this.#spelled(name)).join('、');
  }

  // The limit's name with its figure: one when all profiles agree, else from the first to the last.
  #spelled(name) {
    const limit = (this.catalog.limits ?? []).find((one) => one.name === name);
    const values = [...new Set(Object.values(limit?.profiles ?? {}).map((one) => one.value).filter(Boolean))];
    const told = limit?.text?.[this.locale] || name;
    return values.length ? `${told}: ${values.join(' / ')}` : told;
  }

  #choose(id) {
    for (const line of this.body.rows) {
      const isChosen = line.dataset.element === id;
      line.classList.toggle('step-chosen', isChosen);
      line.querySelector('button').tabIndex = isChosen ? 0 : -1;
      line.querySelector('button').setAttribute('aria-pressed', String(isChosen));
    }
    if (this.body.rows.length && !this.body.querySelector('button[tabindex="0"]')) this.body.querySelector('button').tabIndex = 0;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    const buttons = [...this.body.querySelectorAll('.step-name')];
    const next = buttons[Math.min(Math.max(buttons.indexOf(document.activeElement) + step, 0), buttons.length - 1)];
    event.preventDefault();
    next?.click();
  }
}

// Building blocks: several elements that belong together, drawn by one click and taken back by one undo. What only the
// owner can choose stays open, and the check says so.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { limitCall } from '../panel/limits.js';
import { makeRoom, makeRoomBelow, placeOnEdge } from './placing.js';

const GAP = 60;
const TASK = { width: 100, height: 80 };
const APPROVAL_FORM = 'block_approval';
const middle = (shape) => ({ x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 });

export class BuildingBlocks {
  static $inject = ['camundaValues', 'house', 'modeling', 'elementFactory', 'canvas', 'spaceTool', 'selection', 'translate', 'elementRegistry'];

  constructor(values, house, modeling, elementFactory, canvas, spaceTool, selection, translate, elementRegistry) {
    Object.assign(this, { values, house, modeling, elementFactory, canvas, spaceTool, selection, translate, elementRegistry });
  }

  /** Which blocks may stand behind or on the element. */
  offered(element) {
    if (element.labelTarget || !is(element, 'bpmn:Activity') || getBusinessObject(element).triggeredByEvent) return [];
    const blocks = [];
    if (isAny(element, ['bpmn:UserTask', 'bpmn:SubProcess', 'bpmn:CallActivity'])) blocks.push('deadline');
    if (this.#onward(element)) blocks.push('approval', 'question');
    return blocks;
  }

  add(block, element) {
    let chosen;
    this.values.together(() => {
      chosen = { deadline: () => this.#deadline(element), approval: () => this.#approval(element), question: () => this.#question(element) }[block]();
    });
    this.selection.select(chosen);
  }

  // The one flow that leads on, or `none` when nothing does; several cannot be redirected by us.
  #onward(element) {
    const flows = element.outgoing.filter((one) => is(one, 'bpmn:SequenceFlow'));
    return flows.length > 1 ? null : flows[0] ?? 'none';
  }

  #draw(type, stem, name, place, parent, more = {}) {
    const { host, ...attributes } = more;
    const shape = this.elementFactory.createShape({ type, ...attributes });
    const drawn = this.modeling.createShape(shape, place, host ?? parent, host ? { attach: true } : {});
    this.modeling.updateProperties(drawn, { id: this.values.freeId(stem), name: this.translate(name) });
    return drawn;
  }

  #connect(source, target, stem, name, condition) {
    const flow = this.modeling.connect(source, target);
    this.modeling.updateProperties(flow, { id: this.values.freeId(stem), ...(name ? { name: this.translate(name) } : {}) });
    if (condition) this.values.setCondition(flow, condition);
    return flow;
  }

  #redirect(flow, target) {
    this.modeling.reconnectEnd(flow, target, { x: target.x, y: middle(target).y });
  }

  // --- deadline with warning and escalation ---------------------------------------------------------------------------

  #deadline(element) {
    const edge = placeOnEdge(element);
    const box = { x: edge.x, y: edge.y + 40, width: 20 + TASK.width + GAP + 36 + 30, height: 100 };
    makeRoomBelow(this, element, box);
    const { id } = getBusinessObject(element);
    const limit = this.#limitOf(element);
    if (limit && !this.values.property(element, 'sla')) this.values.setProperty(element, 'sla', limit);
    if (limit && !this.values.property(element, 'sla.warn')) this.values.setProperty(element, 'sla.warn', '75%, 90%');
    const timer = this.#draw('bpmn:BoundaryEvent', `${id}_overdue`, 'Deadline passed', edge, element, {
      host: element, eventDefinitionType: 'bpmn:TimerEventDefinition', cancelActivity: false,
    });
    if (limit) this.values.setTimer(timer, 'timeDuration', limitCall(limit));
    const row = edge.y + 50 + TASK.height / 2;
    const task = this.#draw('bpmn:UserTask', `supervise_${id}`, 'Supervised', { x: edge.x + 20 + TASK.width / 2, y: row }, element.parent);
    this.modeling.updateProperties(task, { name: this.translate('Supervise: {name}', { name: getBusinessObject(element).name || id }) });
    const role = this.#role('supervisor');
    if (role) this.values.set(task, 'camunda:candidateGroups', role);
    const end = this.#draw('bpmn:EndEvent', `${id}_supervised`, 'Supervised', { x: task.x + TASK.width + GAP + 18, y: row }, element.parent);
    this.#connect(timer, task, `${id}_overdue_to_supervision`);
    this.#connect(task, end, `supervise_${id}_to_end`);
    return limit ? timer : element;
  }

  // The limit whose clock runs here, else the one that is called like the element; another one would be a guess.
  #limitOf(element) {
    const sla = this.values.property(element, 'sla');
    if (sla) return sla.includes('${') ? null : sla.split(',')[0].trim();
    return this.house.limit(getBusinessObject(element).id)?.name ?? null;
  }

  #role(name) {
    if (this.house.all('profile_roles').some((one) => one.name === name)) return `\${role("${name}")}`;
    return this.house.all('roles').some((one) => one.key === name) ? name : null;
  }

  // --- approve by level -----------------------------------------------------------------------------------------------

  #approval(element) {
    const onward = this.#onward(element);
    const { id } = getBusinessObject(element);
    const right = element.x + element.width;
    const row = middle(element).y;
    makeRoom(this, element, 'x', right + 10, 2 * (TASK.width + GAP) + 50 + GAP);
    makeRoomBelow(this, element, { x: right, y: element.y + element.height + 30, width: 2 * (TASK.width + GAP) + 120, height: 70 });
    const level = this.#draw('bpmn:BusinessRuleTask', `find_approver_of_${id}`, 'Find the level of approval', { x: right + GAP + TASK.width / 2, y: row }, element.parent);
    this.values.set(level, 'camunda:resultVariable', 'approver_roles');
    this.values.set(level, 'camunda:mapDecisionResult', 'singleEntry');
    const task = this.#draw('bpmn:UserTask', `approve_${id}`, 'Approve', { x: level.x + TASK.width + GAP + TASK.width / 2, y: row }, element.parent);
    this.values.set(task, 'camunda:candidateGroups', '${approver_roles}');
    if (this.house.all('forms').some((one) => one.key === APPROVAL_FORM)) this.values.set(task, 'camunda:formRef', APPROVAL_FORM);
    const gateway = this.#draw('bpmn:ExclusiveGateway', `is_${id}_approved`, 'Approved?', { x: task.x + TASK.width + GAP + 25, y: row }, element.parent);
    const refused = this.#draw('bpmn:EndEvent', `${id}_refused`, 'Not approved', { x: middle(gateway).x + GAP + 18, y: row + 95 }, element.parent);
    const next = this.#insert(element, onward, level, gateway, `${id}_approved`);
    this.#connect(level, task, `find_approver_of_${id}_to_approval`);
    this.#connect(task, gateway, `approve_${id}_to_answer`);
    this.modeling.updateProperties(next, { name: this.translate('approved') });
    this.values.setDefault(next, true);
    this.#connect(gateway, refused, `${id}_is_refused`, 'refused', '${decision == "reject"}');
    const back = this.#connect(gateway, element, `${id}_is_sent_back`, 'sent back', '${decision == "return"}');
    const above = element.y - 30;
    const [from, to] = [middle(gateway), middle(element)];
    this.modeling.updateWaypoints(back, [{ x: from.x, y: gateway.y }, { x: from.x, y: above }, { x: to.x, y: above }, { x: to.x, y: element.y }]);
    return level;
  }

  // Puts `first` … `last` between the element and what followed; the new flow out of `last`.
  #insert(element, onward, first, last, stem) {
    if (onward === 'none') {
      this.#connect(element, first, `${getBusinessObject(element).id}_to_${getBusinessObject(first).id}`);
      const end = this.#draw('bpmn:EndEvent', `${stem}_end`, 'approved', { x: last.x + last.width + GAP + 18, y: middle(last).y }, element.parent);
      return this.#connect(last, end, stem);
    }
    const { target } = onward;
    this.#redirect(onward, first);
    return this.#connect(last, target, stem);
  }

  // --- ask the customer and pause the clock ----------------------------------------------------------------------------

  #question(element) {
    const onward = this.#onward(element);
    const { id } = getBusinessObject(element);
    const right = element.x + element.width;
    const row = middle(element).y;
    makeRoom(this, element, 'x', right + 10, GAP + 50 + GAP);
    const edge = placeOnEdge(element);
    makeRoomBelow(this, element, { x: element.x, y: element.y + element.height + 30, width: element.width + GAP + 120, height: 110 });
    const gateway = this.#draw('bpmn:ExclusiveGateway', `is_${id}_complete`, 'Anything missing?', { x: right + GAP + 25, y: row }, element.parent);
    const below = element.y + element.height + 50 + TASK.height / 2;
    const ask = this.#draw('bpmn:UserTask', `ask_customer_about_${id}`, 'Ask the customer', { x: middle(gateway).x, y: below }, element.parent);
    const held = is(element, 'bpmn:UserTask') && this.values.get(element, 'camunda:candidateGroups');
    if (held) this.values.set(ask, 'camunda:candidateGroups', held);
    this.values.write(ask, getBusinessObject(ask), {
      documentation: [this.values.made('bpmn:Documentation', {
        text: this.translate('Pause the clock on the page of the case before you ask, and let it run again when the customer has answered.'),
      }, getBusinessObject(ask))],
    });
    const replied = this.#draw('bpmn:IntermediateCatchEvent', `customer_replied_about_${id}`, 'Customer replied', { x: edge.x, y: below }, element.parent, {
      eventDefinitionType: 'bpmn:MessageEventDefinition',
    });
    this.values.setNamed(replied, getBusinessObject(replied).eventDefinitions[0], { reference: 'messageRef', type: 'bpmn:Message', attribute: 'name' }, 'customer_replied');
    const next = this.#insert(element, onward, gateway, gateway, `${id}_is_complete`);
    this.modeling.updateProperties(next, { name: this.translate('nothing is missing') });
    this.values.setDefault(next, true);
    const missing = this.#connect(gateway, ask, `${id}_lacks_something`, 'something is missing');
    this.#connect(ask, replied, `ask_customer_about_${id}_to_reply`);
    const back = this.#connect(replied, element, `${id}_goes_on_with_reply`);
    this.modeling.updateWaypoints(back, [{ x: edge.x, y: replied.y }, edge]);
    for (let around = element; around; around = around.parent) {
      if (!is(around, 'bpmn:Lane') && this.values.property(around, 'sla')) this.values.setProperty(around, 'sla.pausable', 'yes');
    }
    return missing;
  }
}

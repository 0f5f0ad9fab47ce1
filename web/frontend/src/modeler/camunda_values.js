// Reads and writes what Huiyin executes on an element of the drawing. Everything that is written goes through bpmn-js's
// commands, and `together` makes one step of undo of several of them.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const TIMES = ['timeDuration', 'timeCycle', 'timeDate'];

class TogetherHandler {
  // The commands that `act` executes lie inside this one on the stack, so that they are undone and redone as one.
  preExecute({ act }) {
    act();
  }
}

/** What carries the settings: the element itself; for a pool, and for a drawing with a single pool, the process in it. */
export function ownerOf(element) {
  const object = getBusinessObject(element);
  if (is(element, 'bpmn:Participant')) return object.processRef;
  const pools = is(element, 'bpmn:Collaboration') ? object.participants.filter((one) => one.processRef) : [];
  return pools.length === 1 ? pools[0].processRef : object;
}

export function eventOf(element, kind) {
  return (getBusinessObject(element).eventDefinitions ?? []).find((one) => one.$type === `bpmn:${kind}EventDefinition`);
}

export function extensionsOf(object, type) {
  return (object?.extensionElements?.values ?? []).filter((one) => !type || one.$type === type);
}

/** The picture's part of an element keeps its id when the element gets another one, so that both are looked at. */
export const isTaken = (moddle, id) => Boolean(moddle.ids.assigned(id) || moddle.ids.assigned(`${id}_di`));

export class CamundaValues {
  static $inject = ['modeling', 'bpmnFactory', 'commandStack', 'elementRegistry', 'canvas', 'moddle'];

  constructor(modeling, bpmnFactory, commandStack, elementRegistry, canvas, moddle) {
    Object.assign(this, { modeling, bpmnFactory, commandStack, elementRegistry, canvas, moddle });
    commandStack.registerHandler('huiyin.together', TogetherHandler);
  }

  /** Runs `act`, whose changes are one step of undo. */
  together(act) {
    this.commandStack.execute('huiyin.together', { act });
  }

  write(element, object, values) {
    this.modeling.updateModdleProperties(element, object, values);
  }

  /** An attribute, of the standard or `camunda:…`; an empty text takes it away. */
  get(element, name) {
    return ownerOf(element)?.get(name);
  }

  set(element, name, value) {
    const owner = ownerOf(element);
    const values = { [name]: value === '' ? undefined : value };
    // What the drawing shows, or others refer by, must be told to the drawing too.
    if (owner === getBusinessObject(element) && ['name', 'id', 'default'].includes(name)) this.modeling.updateProperties(element, values);
    else this.write(element, owner, values);
  }

  made(type, values, parent) {
    const object = this.bpmnFactory.create(type, values);
    object.$parent = parent;
    return object;
  }

  // --- extension elements --------------------------------------------------------------------------------------------

  addExtension(element, owner, extension) {
    if (!owner.extensionElements) this.write(element, owner, { extensionElements: this.made('bpmn:ExtensionElements', { values: [] }, owner) });
    const holder = owner.extensionElements;
    extension.$parent = holder;
    this.write(element, holder, { values: [...holder.get('values'), extension] });
    return extension;
  }

  removeExtension(element, owner, extension) {
    const holder = owner.extensionElements;
    const left = holder.get('values').filter((one) => one !== extension);
    if (left.length) this.write(element, holder, { values: left });
    else this.write(element, owner, { extensionElements: undefined });
  }

  property(element, name) {
    return this.#property(element, name)?.value;
  }

  #property(element, name) {
    const [holder] = extensionsOf(ownerOf(element), 'camunda:Properties');
    return holder?.get('values').find((one) => one.name === name);
  }

  /** `camunda:property`; an empty text takes it away, and the list with the last one. */
  setProperty(element, name, value) {
    const owner = ownerOf(element);
    const held = this.#property(element, name);
    if ((held?.value ?? '') === (value ?? '') && !(held && !value)) return;
    this.together(() => {
      if (held && value) {
        this.write(element, held, { value });
      } else if (held) {
        const holder = held.$parent;
        const left = holder.get('values').filter((one) => one !== held);
        if (left.length) this.write(element, holder, { values: left });
        else this.removeExtension(element, owner, holder);
      } else {
        const [found] = extensionsOf(owner, 'camunda:Properties');
        const holder = found ?? this.addExtension(element, owner, this.bpmnFactory.create('camunda:Properties', { values: [] }));
        this.write(element, holder, { values: [...holder.get('values'), this.made('camunda:Property', { name, value }, holder)] });
      }
    });
  }

  /** `list`: inputParameters | outputParameters. */
  parameters(element, list) {
    const [holder] = extensionsOf(ownerOf(element), 'camunda:InputOutput');
    return (holder?.get(list) ?? []).map((one) => ({ name: one.name ?? '', value: one.value ?? '' }));
  }

  setParameters(element, list, rows) {
    const owner = ownerOf(element);
    const type = list === 'inputParameters' ? 'camunda:InputParameter' : 'camunda:OutputParameter';
    this.together(() => {
      const [found] = extensionsOf(owner, 'camunda:InputOutput');
      if (!found && !rows.length) return;
      const holder = found ?? this.addExtension(element, owner, this.bpmnFactory.create('camunda:InputOutput', { inputParameters: [], outputParameters: [] }));
      // A parameter that stays is not made anew: it may hold more than a text, such as a script.
      const same = ({ name, value }) => holder.get(list).find((one) => one.name === name && (one.value ?? '') === value);
      this.write(element, holder, { [list]: rows.map((row) => same(row) ?? this.made(type, row, holder)) });
      if (!holder.get('inputParameters').length && !holder.get('outputParameters').length) this.removeExtension(element, owner, holder);
    });
  }

  setParameter(element, list, name, value) {
    const rows = this.parameters(element, list);
    const others = rows.filter((one) => one.name !== name);
    const place = rows.findIndex((one) => one.name === name);
    if (value) others.splice(place < 0 ? others.length : place, 0, { name, value });
    this.setParameters(element, list, others);
  }

  retryCycle(element) {
    return extensionsOf(ownerOf(element), 'camunda:FailedJobRetryTimeCycle')[0]?.body ?? '';
  }

  setRetryCycle(element, body) {
    const owner = ownerOf(element);
    const [held] = extensionsOf(owner, 'camunda:FailedJobRetryTimeCycle');
    this.together(() => {
      if (held && body) this.write(element, held, { body });
      else if (held) this.removeExtension(element, owner, held);
      else if (body) this.addExtension(element, owner, this.bpmnFactory.create('camunda:FailedJobRetryTimeCycle', { body }));
    });
  }

  /** What crosses a call. `way`: In | Out. Rows of {variables, source, sourceExpression, target}. */
  mappings(element, way) {
    return extensionsOf(ownerOf(element), `camunda:${way}`).map(({ variables, source, sourceExpression, target }) => ({ variables, source, sourceExpression, target }));
  }

  setMappings(element, way, rows) {
    const owner = ownerOf(element);
    this.together(() => {
      extensionsOf(owner, `camunda:${way}`).forEach((one) => this.removeExtension(element, owner, one));
      rows.forEach((row) => this.addExtension(element, owner, this.bpmnFactory.create(`camunda:${way}`, row)));
    });
  }

  // --- events and conditions -----------------------------------------------------------------------------------------

  expression(body, parent) {
    return body ? this.made('bpmn:FormalExpression', { body }, parent) : undefined;
  }

  timer(element) {
    const definition = eventOf(element, 'Timer');
    const kind = TIMES.find((one) => definition?.get(one)) ?? 'timeDuration';
    return { kind, text: definition?.get(kind)?.body ?? '' };
  }

  setTimer(element, kind, text) {
    const definition = eventOf(element, 'Timer');
    this.write(element, definition, { ...Object.fromEntries(TIMES.map((one) => [one, undefined])), [kind]: this.expression(text, definition) });
  }

  condition(element) {
    return getBusinessObject(element).conditionExpression?.body ?? '';
  }

  setCondition(element, text) {
    const flow = getBusinessObject(element);
    this.modeling.updateProperties(element, { conditionExpression: this.expression(text, flow) });
  }

  isDefault(element) {
    const flow = getBusinessObject(element);
    return flow.sourceRef?.default === flow;
  }

  /** The way that is taken when no condition holds; it has none itself. */
  setDefault(element, isDefault) {
    const flow = getBusinessObject(element);
    this.together(() => {
      if (isDefault && flow.conditionExpression) this.setCondition(element, '');
      this.modeling.updateProperties(element.source, { default: isDefault ? flow : undefined });
    });
  }

  // --- messages, signals, errors, escalations ------------------------------------------------------------------------

  get definitions() {
    let object = getBusinessObject(this.canvas.getRootElement());
    while (object && object.$type !== 'bpmn:Definitions') object = object.$parent;
    return object;
  }

  named(type) {
    return this.definitions.get('rootElements').filter((one) => one.$type === type);
  }

  /** Lets `holder`.`reference` name the message (signal, …) whose `attribute` is `text`; one that is new is added to the file. */
  setNamed(element, holder, { reference, type, attribute }, text) {
    this.together(() => {
      let found = this.named(type).find((one) => one.get(attribute) === text);
      if (!found && text) {
        const id = this.freeId(/^[a-z][a-z0-9_]*$/.test(text) ? text : type.replace('bpmn:', '').toLowerCase());
        found = this.made(type, { id, name: text, [attribute]: text }, this.definitions);
        this.write(element, this.definitions, { rootElements: [...this.definitions.get('rootElements'), found] });
      }
      this.write(element, holder, { [reference]: text ? found : undefined });
    });
  }

  /** An id of our kind that nothing has: `remind_supervisor`, `remind_supervisor_2`, … */
  freeId(stem) {
    let id = stem;
    for (let number = 2; isTaken(this.moddle, id); number += 1) id = `${stem}_${number}`;
    return id;
  }
}

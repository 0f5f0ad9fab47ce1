// Carries out what the server proposes for a finding, through bpmn-js's commands: one click, one step of undo.
//
// `fix.changes` is the list that engine/diagrams/fixes/changes.py describes; both sides do the same.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { CamundaValues, extensionsOf } from './camunda_values.js';

const bare = (name) => name.split(/[:.]/).pop();
// In the file `taskListener`, in the model `camunda:TaskListener`.
const isCalled = (object, what) => Boolean(object?.$type) && bare(object.$type).replace(/^./, (one) => one.toLowerCase()) === bare(what);
const REFERENCES = { messageRef: 'Message', signalRef: 'Signal', errorRef: 'Error', escalationRef: 'Escalation' };

export class Fixes {
  static $inject = ['camundaValues', 'modeling', 'elementRegistry', 'canvas', 'selection', 'config.huiyin'];

  constructor(values, modeling, elementRegistry, canvas, selection, config) {
    Object.assign(this, { values, modeling, elementRegistry, canvas, selection, config });
  }

  /** Does all changes of the fix as one step; true when the drawing has what they speak of. */
  applyFix(fix, finding) {
    if (finding && finding.file !== this.config.path) return false; // Of another file: its own page mends it.
    const places = fix.changes.map((change) => ({ change, place: this.#place(change.element) }));
    if (places.some(({ place }) => !place)) return false;
    this.values.together(() => places.forEach(({ change, place }) => this.#change(place, change)));
    const shown = this.elementRegistry.get(fix.changes[0].id ?? fix.changes[0].element);
    if (shown && shown !== this.canvas.getRootElement()) this.selection.select(shown);
    return true;
  }

  // What has the id: a drawn element, a process behind a pool, or a message and the like at the top of the file.
  #place(id) {
    const element = this.elementRegistry.get(id);
    const root = this.canvas.getRootElement();
    if (element) return { element, object: getBusinessObject(element) };
    const object = this.values.definitions.get('rootElements').find((one) => one.id === id) ?? this.#undrawn(id);
    if (!object) return null;
    const pool = this.elementRegistry.find((one) => one.businessObject?.processRef === object);
    return { element: pool ?? root, object };
  }

  // In the file, but not in the picture: a flow without an end, for instance.
  #undrawn(id) {
    const within = (holder) => (holder.flowElements ?? []).flatMap((one) => [one, ...within(one)]);
    return this.values.definitions.get('rootElements').flatMap(within).find((one) => one.id === id);
  }

  #change({ element, object }, change) {
    const { values } = this;
    const isDrawn = getBusinessObject(element) === object;
    const write = (target, facts) => values.write(element, target, facts);
    if ('set' in change) this.#set(element, object, isDrawn, change.set, change.to);
    else if ('property' in change) values.setProperty(element, change.property, change.to ?? '');
    else if ('timer' in change) values.setTimer(element, change.kind ?? values.timer(element).kind, change.timer);
    else if ('condition' in change) values.setCondition(element, change.condition ?? '');
    else if ('loop' in change) this.#loop(element, object, change);
    else if ('retry' in change) values.setRetryCycle(element, change.retry);
    else if ('reference' in change) this.#refer(element, object, change);
    else if ('remove' in change) this.#remove(element, object, change.remove, write);
    else if ('id' in change) this.#rename(element, object, isDrawn, change.id);
    else if (change.delete) this.#delete(element, object, isDrawn, write);
  }

  #set(element, object, isDrawn, name, to) {
    const value = name === 'default' ? this.#place(to)?.object : to ?? undefined;
    if (isDrawn && ['name', 'default', 'cancelActivity'].includes(name)) this.modeling.updateProperties(element, { [name]: value });
    else this.values.write(element, object, { [name]: value });
  }

  #rename(element, object, isDrawn, id) {
    if (isDrawn) this.modeling.updateProperties(element, { id });
    else this.values.write(element, object, { id });
  }

  #loop(element, object, { loop, to }) {
    if (!loop) return this.modeling.updateProperties(element, { loopCharacteristics: undefined });
    const holder = object.loopCharacteristics;
    const isText = ['loopCardinality', 'completionCondition', 'loopCondition'].includes(loop);
    return this.values.write(element, holder, { [loop]: isText ? this.values.expression(to, holder) : to ?? undefined });
  }

  #refer(element, object, { reference, to }) {
    const kind = REFERENCES[reference];
    const holder = (object.eventDefinitions ?? []).find((one) => one.$type === `bpmn:${kind}EventDefinition`) ?? object;
    this.values.write(element, holder, { [reference]: this.values.definitions.get('rootElements').find((one) => one.id === to) });
  }

  // An attribute or an extension by its bare name, wherever on the element it stands.
  #remove(element, object, what, write) {
    const holders = [object, ...(object.eventDefinitions ?? []), object.loopCharacteristics, object.conditionExpression].filter(Boolean);
    for (const holder of holders) {
      for (const name of Object.keys(holder.$attrs).filter((one) => bare(one) === bare(what) && !one.startsWith('xmlns'))) write(holder, { [name]: undefined });
      const known = holder.$descriptor.propertiesByName;
      for (const name of [`camunda:${what}`, `bpmn:${what}`]) {
        if (known[name] && holder.get(name) !== undefined) write(holder, { [name]: known[name].isMany ? [] : undefined });
      }
      extensionsOf(holder).filter((one) => isCalled(one, what)).forEach((one) => this.values.removeExtension(element, holder, one));
      for (const { name, isMany } of holder.$descriptor.properties.filter((one) => !one.isReference)) {
        const value = holder.get(name);
        if (isMany && value.some((one) => isCalled(one, what))) write(holder, { [name]: value.filter((one) => !isCalled(one, what)) });
        else if (!isMany && isCalled(value, what)) write(holder, { [name]: undefined });
      }
    }
  }

  #delete(element, object, isDrawn, write) {
    if (isDrawn) return this.modeling.removeElements([element]);
    const holder = object.$parent;
    return write(holder, { flowElements: holder.flowElements.filter((one) => one !== object) });
  }
}

export const additionalModules = [
  { __init__: ['huiyinFixes'], huiyinFixes: ['type', Fixes], camundaValues: ['type', CamundaValues] },
];

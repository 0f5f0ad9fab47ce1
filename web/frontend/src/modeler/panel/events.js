// Names by which events find each other, conditions of flows and events, repetition.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { eventOf } from '../camunda_values.js';
import { choice, property, suggested, text, yesNo } from './entries.js';

const KINDS = [
  { kind: 'Message', reference: 'messageRef', type: 'bpmn:Message', attribute: 'name', label: 'Message', field: 'Name of the message' },
  { kind: 'Signal', reference: 'signalRef', type: 'bpmn:Signal', attribute: 'name', label: 'Signal', field: 'Name of the signal' },
  { kind: 'Error', reference: 'errorRef', type: 'bpmn:Error', attribute: 'errorCode', label: 'Error', field: 'Code of the error' },
  { kind: 'Escalation', reference: 'escalationRef', type: 'bpmn:Escalation', attribute: 'escalationCode', label: 'Escalation', field: 'Code of the escalation' },
];

// The event definition that names it; a receive or send task names its message itself.
function holderOf(element, { kind }) {
  if (kind === 'Message' && (is(element, 'bpmn:ReceiveTask') || is(element, 'bpmn:SendTask'))) return getBusinessObject(element);
  return eventOf(element, kind);
}

const NAMES = Object.fromEntries(KINDS.map((one) => [one.kind, suggested({
  id: `name-${one.kind.toLowerCase()}`, label: one.field,
  hint: 'Choose one that is used already, or write a new one.',
  get: ({ element }) => holderOf(element, one)?.get(one.reference)?.get(one.attribute),
  set: ({ element, values }, value) => values.setNamed(element, holderOf(element, one), one, value),
  suggestions: ({ house, values }) => [
    ...new Set([...(one.kind === 'Message' ? house.all('messages') : []), ...values.named(one.type).map((each) => each.get(one.attribute)).filter(Boolean)]),
  ].map((value) => ({ value, label: value })),
})]));
const CORRELATION = suggested({
  id: 'correlation', label: 'It belongs to the case by', ...property('correlation'),
  hint: 'A variable that both sides know. Empty: the case number.',
  suggestions: ({ house }) => house.all('variables').map((value) => ({ value, label: value })),
});

const EVENT_CONDITION = text({
  id: 'event-condition', label: 'It happens when', hint: 'Such as amount > 1000',
  get: ({ element }) => eventOf(element, 'Conditional')?.condition?.body,
  set: ({ element, values }, value) => {
    const definition = eventOf(element, 'Conditional');
    values.write(element, definition, { condition: values.expression(value, definition) });
  },
});

export function eventGroups({ element }) {
  const groups = KINDS.filter((one) => holderOf(element, one)).map((one) => ({
    id: `event-${one.kind.toLowerCase()}`, label: one.label,
    entries: one.kind === 'Message' ? [NAMES.Message, CORRELATION] : [NAMES[one.kind]],
  }));
  if (eventOf(element, 'Conditional')) groups.push({ id: 'event-conditional', label: 'Condition', entries: [EVENT_CONDITION] });
  return groups;
}

// --- flows -----------------------------------------------------------------------------------------------------------

const CONDITION = text({
  id: 'condition', label: 'This way is taken when', isLong: true,
  hint: 'Such as level == "head_office" and amount > 1000. and, or, not, in are known.',
  get: ({ element, values }) => values.condition(element),
  set: ({ element, values }, value) => values.setCondition(element, value),
});
const DEFAULT = yesNo({
  id: 'default-flow', label: 'Taken when no other condition holds',
  get: ({ element, values }) => values.isDefault(element),
  set: ({ element, values }, value) => values.setDefault(element, value),
});

export function flowGroup({ element, values }) {
  if (!is(element, 'bpmn:SequenceFlow') || !element.source) return null;
  const isChosen = is(element.source, 'bpmn:ExclusiveGateway') || is(element.source, 'bpmn:InclusiveGateway') || is(element.source, 'bpmn:Activity');
  if (!isChosen && !values.condition(element)) return null;
  return { id: 'flow', label: 'When this way is taken', entries: values.isDefault(element) ? [DEFAULT] : [CONDITION, DEFAULT] };
}

// --- repetition ------------------------------------------------------------------------------------------------------

const FINISHED = /^\s*\$\{\s*nrOfCompletedInstances\s*>=\s*(\d+)\s*\}\s*$/;
const loopOf = (element) => getBusinessObject(element).loopCharacteristics;
const several = (element) => (loopOf(element)?.$type === 'bpmn:MultiInstanceLoopCharacteristics' ? loopOf(element) : null);
const bodyOf = (element, name) => loopOf(element)?.get(name)?.body;
const setBody = ({ element, values }, name, value) => values.write(element, loopOf(element), { [name]: values.expression(value, loopOf(element)) });

const HOW = choice({
  id: 'repeat', label: 'How often',
  get: ({ element }) => {
    if (!loopOf(element)) return '';
    return several(element) ? (several(element).isSequential ? 'one-by-one' : 'at-once') : 'loop';
  },
  set: ({ element, values }, how) => values.together(() => {
    if (!how) return values.modeling.updateProperties(element, { loopCharacteristics: undefined });
    const isLoop = how === 'loop';
    if (!isLoop && several(element)) return values.write(element, several(element), { isSequential: how === 'one-by-one' });
    const type = isLoop ? 'bpmn:StandardLoopCharacteristics' : 'bpmn:MultiInstanceLoopCharacteristics';
    const loop = values.made(type, isLoop ? {} : { isSequential: how === 'one-by-one' }, getBusinessObject(element));
    return values.modeling.updateProperties(element, { loopCharacteristics: loop });
  }),
  options: ({ translate }) => [
    { value: '', label: translate('once') },
    { value: 'at-once', label: translate('for each of a list, all at once') },
    { value: 'one-by-one', label: translate('for each of a list, one after the other') },
    { value: 'loop', label: translate('again while a condition holds') },
  ],
});
const loopAttribute = (name) => ({
  get: ({ element }) => loopOf(element)?.get(name),
  set: ({ element, values }, value) => values.write(element, loopOf(element), { [name]: value || undefined }),
});
const OVER = [
  suggested({
    id: 'collection', label: 'List (variable or expression)', ...loopAttribute('camunda:collection'),
    suggestions: ({ house }) => house.all('variables').map((value) => ({ value, label: value })),
  }),
  text({ id: 'element-variable', label: 'Each one is called', ...loopAttribute('camunda:elementVariable') }),
  text({
    id: 'cardinality', label: 'Or so many times', hint: 'Only without a list.',
    get: ({ element }) => bodyOf(element, 'loopCardinality'),
    set: (here, value) => setBody(here, 'loopCardinality', value),
  }),
];
const needed = (element) => FINISHED.exec(bodyOf(element, 'completionCondition') ?? '')?.[1];
const ENOUGH = choice({
  id: 'completion', label: 'It is done when',
  get: ({ element }) => {
    if (!bodyOf(element, 'completionCondition')) return 'all';
    return needed(element) === '1' ? 'any' : needed(element) ? 'some' : 'own';
  },
  set: (here, how) => setBody(here, 'completionCondition', { all: '', any: '${nrOfCompletedInstances >= 1}', some: '${nrOfCompletedInstances >= 2}', own: '${nrOfCompletedInstances / nrOfInstances >= 0.5}' }[how]),
  options: ({ translate }) => [
    { value: 'all', label: translate('all have done it') },
    { value: 'any', label: translate('one has done it') },
    { value: 'some', label: translate('so many have done it') },
    { value: 'own', label: translate('a condition of your own holds') },
  ],
});
const SOME = text({
  id: 'completion-count', label: 'How many',
  get: ({ element }) => needed(element),
  set: (here, value) => setBody(here, 'completionCondition', `\${nrOfCompletedInstances >= ${value}}`),
  check: ({ translate }, value) => (/^[1-9]\d{0,2}$/.test(value) ? undefined : translate('Write a whole number from 1.')),
});
const OWN = text({
  id: 'completion-condition', label: 'Condition', hint: 'nrOfInstances, nrOfCompletedInstances and nrOfActiveInstances are known.',
  get: ({ element }) => bodyOf(element, 'completionCondition'),
  set: (here, value) => setBody(here, 'completionCondition', value),
});
const LOOP = [
  text({ id: 'loop-condition', label: 'Again while', get: ({ element }) => bodyOf(element, 'loopCondition'), set: (here, value) => setBody(here, 'loopCondition', value) }),
  text({
    id: 'loop-maximum', label: 'At most so many times',
    get: ({ element }) => loopOf(element)?.loopMaximum?.toString(),
    set: ({ element, values }, value) => values.write(element, loopOf(element), { loopMaximum: value ? Number(value) : undefined }),
    check: ({ translate }, value) => (!value || /^[1-9]\d{0,5}$/.test(value) ? undefined : translate('Write a whole number from 1.')),
  }),
  yesNo({ id: 'test-before', label: 'Look at the condition before the first time too', ...loopAttribute('testBefore') }),
];

export function repeatGroup({ element }) {
  if (!is(element, 'bpmn:Activity')) return null;
  const entries = [HOW];
  if (several(element)) {
    const condition = bodyOf(element, 'completionCondition');
    entries.push(...OVER, ENOUGH, ...(condition && needed(element) !== '1' ? [needed(element) ? SOME : OWN] : []));
  } else if (loopOf(element)) {
    entries.push(...LOOP);
  }
  return { id: 'repeat-group', label: 'Repetition', shouldOpen: Boolean(loopOf(element)), entries };
}

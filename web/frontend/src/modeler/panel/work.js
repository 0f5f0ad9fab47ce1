// What the system does: topics with their parameters, decision tables, called procedures, calculations.
import { h } from '@bpmn-io/properties-panel/preact';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attribute, choice, pairs, suggested, text, told, yesNo } from './entries.js';

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

const input = (name) => ({
  get: ({ element, values }) => values.parameters(element, 'inputParameters').find((one) => one.name === name)?.value,
  set: ({ element, values }, value) => values.setParameter(element, 'inputParameters', name, value),
});

// A declared parameter is said in the words of the catalog. The component is the same one for all (see entries.js).
function declared({ house }, parameter) {
  return text({
    id: `input-${parameter.name}`,
    label: parameter.required ? '{says} (needed)' : '{says}',
    words: { says: house.say(parameter.says) || parameter.name },
    hint: ({ translate }) => (parameter.example ? translate('{name}, such as {example}', { name: parameter.name, example: parameter.example }) : parameter.name),
    ...input(parameter.name),
  });
}

const TOPIC = suggested({
  id: 'topic', label: 'What it does (topic)',
  get: ({ element, values }) => values.get(element, 'camunda:topic'),
  // Whoever draws here means our way of working: a topic that handlers or workers ask for.
  set: ({ element, values }, value) => values.together(() => {
    values.set(element, 'camunda:type', value ? 'external' : '');
    values.set(element, 'camunda:topic', value);
  }),
  suggestions: ({ house }) => house.all('topics').map((one) => ({ value: one.topic, label: house.say(one.says) })),
  hint: ({ element, values, house, translate }) => {
    const topic = values.get(element, 'camunda:topic');
    if (!topic) return translate('Choose one; a name of your own waits for an external worker.');
    const found = house.topic(topic);
    return found ? house.say(found.says) : translate('Nobody here does this: it waits for an external worker.');
  },
});
const RETRY_ENTRY = suggested({
  id: 'retry', label: 'When it fails, try again',
  hint: 'R3/PT10M: three times, every ten minutes. Then a person is asked.',
  get: ({ element, values }) => values.retryCycle(element),
  set: ({ element, values }, value) => values.setRetryCycle(element, value),
  suggestions: ({ translate }) => [{ value: 'R3/PT10M', label: translate('three times, every 10 minutes') }, { value: 'R5/PT1H', label: translate('five times, every hour') }],
});
const rows = (list, isShown = () => true) => ({
  get: (here) => here.values.parameters(here.element, list).filter((one) => isShown(here, one.name)).map((one) => [one.name, one.value]),
  set: (here, shown) => {
    const hidden = here.values.parameters(here.element, list).filter((one) => !isShown(here, one.name));
    here.values.setParameters(here.element, list, [...hidden, ...shown.map(([name, value]) => ({ name, value }))]);
  },
});
const isUndeclared = ({ house, element, values }, name) => !house.topic(values.get(element, 'camunda:topic'))?.parameters.some((one) => one.name === name);
const INPUTS = pairs({ id: 'inputs', label: 'Further inputs', left: 'name', right: 'value or ${…}', ...rows('inputParameters', isUndeclared) });
const OUTPUTS = pairs({
  id: 'outputs', label: 'What the case keeps of the result', left: 'variable of the case', right: '${result}', ...rows('outputParameters'),
  hint: 'Without rows the case gets every result under its own name.',
});
const RESULTS = told({
  id: 'results',
  tell: ({ element, values, house, translate }) => {
    const given = house.topic(values.get(element, 'camunda:topic'))?.outputs ?? [];
    return given.length ? h('p', { class: 'bio-properties-panel-description' }, `${translate('It gives:')} ${given.map((one) => `${one.name}（${house.say(one.says)}）`).join('、')}`) : null;
  },
});

function serviceGroup(here) {
  const { element, values, house } = here;
  const topic = values.get(element, 'camunda:topic');
  if (!topic) return { id: 'service', label: 'What it does', entries: [TOPIC] };
  const parameters = house.topic(topic)?.parameters ?? [];
  return { id: 'service', label: 'What it does', entries: [TOPIC, ...parameters.map((one) => declared(here, one)), INPUTS, RESULTS, OUTPUTS, RETRY_ENTRY] };
}

// --- decision tables -------------------------------------------------------------------------------------------------

const DECISION = [
  choice({
    id: 'decision', label: 'Decision table',
    get: ({ element, values }) => values.get(element, 'camunda:decisionRef'),
    set: ({ element, values, house }, value) => values.together(() => {
      values.set(element, 'camunda:decisionRef', value);
      if (!value || values.get(element, 'camunda:resultVariable')) return;
      const table = house.all('decisions').find((one) => one.id === value);
      values.set(element, 'camunda:resultVariable', value);
      values.set(element, 'camunda:mapDecisionResult', table?.outputs.length === 1 ? 'singleEntry' : 'singleResult');
    }),
    options: ({ house, translate }) => [{ value: '', label: translate('none') }, ...house.all('decisions').map((one) => ({ value: one.id, label: `${one.name}（${one.id}）` }))],
    hint: ({ element, values, house, translate }) => {
      const table = house.all('decisions').find((one) => one.id === values.get(element, 'camunda:decisionRef'));
      return table && h('span', null, translate('It reads {inputs} and gives {outputs}.', { inputs: table.inputs.join('、'), outputs: table.outputs.join('、') }), ' ',
        h('a', { href: house.address('tables', table.path) }, translate('Open this table')));
    },
  }),
  text({ id: 'result-variable', label: 'The result is kept as', ...attribute('camunda:resultVariable') }),
  choice({
    id: 'map-result', label: 'The result is', ...attribute('camunda:mapDecisionResult'),
    options: ({ translate }) => [
      { value: '', label: translate('all rows (as they come)') },
      { value: 'singleEntry', label: translate('one value') },
      { value: 'singleResult', label: translate('one row with its columns') },
      { value: 'collectEntries', label: translate('a list of values') },
      { value: 'resultList', label: translate('a list of rows') },
    ],
  }),
];

// --- calls -----------------------------------------------------------------------------------------------------------

const way = (name) => ({
  get: ({ element, values }) => values.mappings(element, name).filter((one) => !one.variables).map((one) => [one.target ?? '', one.source ?? one.sourceExpression ?? '']),
  set: ({ element, values }, shown) => values.setMappings(element, name, [
    ...values.mappings(element, name).filter((one) => one.variables),
    ...shown.map(([target, source]) => (PLAIN_NAME.test(source) ? { source, target } : { sourceExpression: source, target })),
  ]),
});
const everything = (name) => ({
  get: ({ element, values }) => values.mappings(element, name).some((one) => one.variables === 'all'),
  set: ({ element, values }, isAll) => values.setMappings(element, name, [
    ...(isAll ? [{ variables: 'all' }] : []),
    ...values.mappings(element, name).filter((one) => !one.variables),
  ]),
});
const known = ({ house }) => house.all('variables');
const CALL = [
  choice({
    id: 'called', label: 'Procedure', ...attribute('calledElement'),
    options: ({ house, translate }) => [{ value: '', label: translate('none') }, ...house.all('processes').map((one) => ({ value: one.id, label: `${one.name}（${one.id}）` }))],
    hint: ({ element, values, house, translate }) => {
      const found = house.all('processes').find((one) => one.id === values.get(element, 'calledElement'));
      return found?.path && h('a', { href: house.address('diagrams', found.path) }, translate('Open this diagram'));
    },
  }),
  yesNo({ id: 'in-all', label: 'It is given all variables', ...everything('In') }),
  pairs({ id: 'in', label: 'What it is given', left: 'its variable', right: 'ours, or ${…}', ...way('In'), leftSuggestions: known }),
  yesNo({ id: 'out-all', label: 'It gives all variables back', ...everything('Out') }),
  pairs({ id: 'out', label: 'What it gives back', left: 'our variable', right: 'its variable, or ${…}', ...way('Out'), leftSuggestions: known }),
];

const SCRIPT = [
  text({
    id: 'script', label: 'Calculation', isLong: true, hint: 'One line each: name = expression',
    get: ({ element, values }) => values.get(element, 'script'),
    set: ({ element, values }, value) => values.set(element, 'script', value),
  }),
];

export function workGroups(here) {
  const { element } = here;
  const groups = [];
  if (is(element, 'bpmn:ServiceTask') || (is(element, 'bpmn:SendTask') && !getBusinessObject(element).messageRef)) groups.push(serviceGroup(here));
  if (is(element, 'bpmn:BusinessRuleTask')) groups.push({ id: 'decision-group', label: 'Decision', entries: DECISION });
  if (isAny(element, ['bpmn:CallActivity'])) groups.push({ id: 'call', label: 'Calls another procedure', entries: CALL });
  if (is(element, 'bpmn:ScriptTask')) groups.push({ id: 'script-group', label: 'Calculation', entries: SCRIPT });
  return groups;
}

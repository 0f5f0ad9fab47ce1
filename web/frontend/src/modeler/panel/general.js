// Name, id and explanation of an element, and the rules that it implements.
import { h } from '@bpmn-io/properties-panel/preact';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { ownerOf } from '../camunda_values.js';
import { attribute, joined, listed, property, several, text, yesNo } from './entries.js';

const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const XML_ID = /^[A-Za-z_][\w.-]*$/;

const NAME = text({ id: 'name', label: 'Name', isLong: true, ...attribute('name') });
const ID = text({
  id: 'id', label: 'Id', ...attribute('id'),
  hint: ({ element, translate }) => (SNAKE.test(getBusinessObject(element).id)
    ? translate('A business word; stories and translations refer by it.')
    : translate('Better a business word in small letters, such as reply_customer.')),
  check: ({ element, translate }, value) => {
    if (!XML_ID.test(value)) return translate('Letters without accents, digits and _ only, and a letter first.');
    const other = getBusinessObject(element).$model.ids.assigned(value);
    return other && other !== getBusinessObject(element) ? translate('Something else has this id already.') : undefined;
  },
});
const EXPLANATION = text({
  id: 'documentation', label: 'Explanation', isLong: true,
  get: ({ element }) => ownerOf(element).get('documentation')[0]?.text,
  set: ({ element, values }, value) => {
    const owner = ownerOf(element);
    values.write(element, owner, { documentation: value ? [values.made('bpmn:Documentation', { text: value }, owner)] : [] });
  },
});
const PROCESS = [
  text({ id: 'process-key', label: 'Key of the procedure', hint: 'Cases, profiles and calls refer by it: it stays.', isFixed: true, get: ({ element }) => ownerOf(element).id, set: () => {} }),
  text({ id: 'process-name', label: 'Name of the procedure', get: ({ element }) => ownerOf(element).name, set: ({ element, values }, value) => values.write(element, ownerOf(element), { name: value || undefined }) }),
  yesNo({ id: 'is-executable', label: 'Executable', get: ({ element }) => ownerOf(element).isExecutable, set: ({ element, values }, value) => values.write(element, ownerOf(element), { isExecutable: value }) }),
];

const SOURCE = several({
  id: 'source', label: 'Rules that it implements', isSearched: true, addLabel: 'Id or words of a rule …',
  get: (here) => listed(property('source').get(here)),
  set: (here, chosen) => property('source').set(here, joined(chosen)),
  options: ({ house }) => house.all('register').map((one) => ({ value: one.id, label: `${one.id} · ${house.say(one.says) || one.title}` })),
  name: (_, id) => id,
  details: ({ house, translate }, id) => h('span', { class: 'figure-source' }, house.ruleName(id) || translate('The register does not have it.')),
});

export function generalGroups({ element }) {
  const owner = ownerOf(element);
  const hasProcess = is(owner, 'bpmn:Process');
  const isRoot = isAny(element, ['bpmn:Process', 'bpmn:Collaboration']);
  const groups = [{ id: 'general', label: 'General', entries: [...(isRoot ? [] : [NAME, ID]), ...(hasProcess ? PROCESS : []), ...(owner && !is(owner, 'bpmn:Collaboration') ? [EXPLANATION] : [])] }];
  if (owner && !isAny(owner, ['bpmn:Collaboration', 'bpmn:SequenceFlow', 'bpmn:Lane', 'bpmn:TextAnnotation', 'bpmn:Group', 'bpmn:Participant'])) {
    groups.push({ id: 'source-group', label: 'Rules', entries: [SOURCE] });
  }
  return groups;
}

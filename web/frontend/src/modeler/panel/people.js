// Who may do a task, with which form, and who must be somebody else.
import { h } from '@bpmn-io/properties-panel/preact';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attribute, choice, joined, listed, property, several, text, told } from './entries.js';

const ROLE_CALL = /^\$\{\s*role\(\s*(["'])([\w.-]+)\1\s*\)\s*\}$/;
const GROUPS = attribute('camunda:candidateGroups');

/** The roles that a text names, or null when it is an expression that no list can show. */
function rolesOf(written) {
  const parts = listed(written);
  return parts.every((one) => !one.includes('${') || ROLE_CALL.test(one)) ? parts : null;
}

const ROLES = several({
  id: 'candidate-groups', label: 'Roles that may do it', addLabel: 'Add a role …',
  get: (here) => rolesOf(GROUPS.get(here)) ?? [],
  set: (here, chosen) => GROUPS.set(here, chosen.join(',')),
  options: ({ house, translate }) => [
    {
      label: translate('Roles of this family, filled by each profile'),
      children: house.all('profile_roles').map(({ name }) => ({ value: `\${role("${name}")}`, label: `${name}：${house.profileRole(name).join('、')}` })),
    },
    { label: translate('Roles of the register'), children: house.all('roles').map((one) => ({ value: one.key, label: `${house.say(one)}（${one.key}）` })) },
  ],
  name: ({ house }, value) => {
    const own = ROLE_CALL.exec(value)?.[2];
    if (!own) return house.role(value);
    const filled = house.profileRole(own).join('、');
    return filled ? `${own}（${filled}）` : own;
  },
});
const WRITTEN_ROLES = text({ id: 'candidate-groups-expression', label: 'Roles, chosen by an expression', hint: 'It gives role keys with commas between.', ...GROUPS });
const SEPARATE = several({
  id: 'separate-from', label: 'Must be somebody else than who did', addLabel: 'Add a task …',
  get: (here) => listed(property('separate.from').get(here)),
  set: (here, chosen) => property('separate.from').set(here, joined(chosen)),
  options: ({ element, values }) => values.elementRegistry
    .filter((one) => is(one, 'bpmn:UserTask') && one !== element)
    .map((one) => ({ value: one.id, label: getBusinessObject(one).name || one.id })),
  name: ({ values }, id) => getBusinessObject(values.elementRegistry.get(id))?.name || id,
});
const REST = [
  text({ id: 'assignee', label: 'One person (a username, or an expression)', ...attribute('camunda:assignee') }),
  text({ id: 'candidate-users', label: 'Further people (usernames, or an expression)', ...attribute('camunda:candidateUsers') }),
  text({
    id: 'priority', label: 'Priority, 0 to 100', ...attribute('camunda:priority'),
    check: ({ translate }, value) => (!value || value.includes('${') || /^-?\d{1,6}$/.test(value) ? undefined : translate('Write a whole number from 0 to 100.')),
  }),
  text({ id: 'due-date', label: 'To be done by (without a clock)', hint: 'Such as 2 WD, PT48H or a date. A promise belongs into the deadline.', ...attribute('camunda:dueDate') }),
  text({ id: 'follow-up-date', label: 'To be looked at again', ...attribute('camunda:followUpDate') }),
];

export function peopleGroups(here) {
  if (!is(here.element, 'bpmn:UserTask')) return [];
  const isWritten = rolesOf(GROUPS.get(here)) === null;
  return [
    { id: 'people', label: 'Who does it', entries: [isWritten ? WRITTEN_ROLES : ROLES, SEPARATE] },
    { id: 'people-rest', label: 'More about who and when', shouldOpen: false, entries: REST },
  ];
}

// --- forms -----------------------------------------------------------------------------------------------------------

const FORM = [
  choice({
    id: 'form-ref', label: 'Form', ...attribute('camunda:formRef'),
    options: ({ house, translate }) => [
      { value: '', label: translate('none') },
      ...house.all('forms').map((one) => ({ value: one.key, label: `${house.say(one.title)}（${one.key}）` })),
    ],
  }),
  told({
    id: 'form-link',
    tell: (here) => {
      const form = here.house.all('forms').find((one) => one.key === attribute('camunda:formRef').get(here));
      return form && h('a', { href: here.house.address('forms', form.path) }, here.translate('Open this form'));
    },
  }),
];

export function formGroup({ element }) {
  const isAtStart = is(element, 'bpmn:StartEvent') && isAny(element.parent, ['bpmn:Process', 'bpmn:Participant', 'bpmn:Lane']);
  return is(element, 'bpmn:UserTask') || isAtStart ? { id: 'form', label: 'Form', entries: FORM } : null;
}

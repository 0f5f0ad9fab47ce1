// Deadlines: the limits of the profiles by their words, with the figure of each profile and where it comes from.
import { h } from '@bpmn-io/properties-panel/preact';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { eventOf, ownerOf } from '../camunda_values.js';
import { choice, joined, listed, property, several, suggested, text } from './entries.js';

export const LIMIT_CALL = /^\s*\$\{\s*limit\(\s*(["'])([\w.-]+)\1\s*\)\s*\}\s*$/;
const WARNING = /^(\d{1,2}%|[1-9]\d* (MIN|H|WH|WD|CD|CM))$/;
const CLOCKED = ['bpmn:Task', 'bpmn:SubProcess', 'bpmn:CallActivity', 'bpmn:Process'];

/** `handle` of `${limit("handle")}`; null for anything else. */
export const limitOf = (timer) => LIMIT_CALL.exec(timer ?? '')?.[2] ?? null;
export const limitCall = (name) => `\${limit("${name}")}`;

/** The figure of a limit in each profile, marked as a rule of the source or as a default of ours. */
export function figures({ house, translate }, name) {
  const found = house.limit(name);
  if (!found) return null;
  return h('dl', { class: 'limit-figures' }, Object.entries(found.profiles).flatMap(([profile, one]) => [
    h('dt', { key: `${profile}-name` }, profile),
    h('dd', { key: profile },
      h('strong', null, one.value || translate('no such promise')), ' ',
      one.value ? h('span', { class: one.fact ? 'figure-fact' : 'figure-default' }, translate(one.fact ? 'rule of the source' : 'default of ours')) : null, ' ',
      one.value ? h('span', { class: 'figure-source' }, [one.source_id, house.say(one.text), one.document].filter(Boolean).join(' · ')) : null),
  ]));
}

export function limitOptions({ house }) {
  return house.all('limits').map((one) => ({ value: one.name, label: `${house.say(one.text) || one.name}（${one.name}）` }));
}

const SLA = property('sla');
const isWritten = (here) => (SLA.get(here) ?? '').includes('${');

const LIMITS = several({
  id: 'sla', label: 'Limits that run here', addLabel: 'Add a limit …',
  get: (here) => listed(SLA.get(here)),
  set: (here, chosen) => here.values.together(() => {
    SLA.set(here, joined(chosen));
    // Settings of a clock that is gone would only be a finding.
    if (!chosen.length) ['sla.start', 'sla.warn', 'sla.ladder', 'sla.pausable'].forEach((name) => here.values.setProperty(here.element, name, ''));
    // A timer on the edge that waits for its time, as a building block leaves it, rings with this clock.
    else (here.element.attachers ?? []).filter((one) => eventOf(one, 'Timer') && !here.values.timer(one).text)
      .forEach((one) => here.values.setTimer(one, 'timeDuration', limitCall(chosen[0])));
  }),
  options: limitOptions,
  name: ({ house }, name) => house.limitName(name),
  details: figures,
});
const WRITTEN_LIMIT = text({ id: 'sla-expression', label: 'Limit, chosen by an expression', ...SLA });

const SETTINGS = [
  choice({
    id: 'sla-start', label: 'The clock starts', ...property('sla.start'),
    options: ({ element, translate, values }) => [
      { value: '', label: translate('when this begins') },
      { value: 'case', label: translate('with the case') },
      ...stepsBeside(element, values).map((one) => ({ value: one.id, label: translate('with “{name}”', { name: one.name || one.id }) })),
    ],
  }),
  text({
    id: 'sla-warn', label: 'Warn at', ...property('sla.warn'),
    hint: 'Shares of the time, or the time left, with commas between: 75%, 1 WD. Empty: as the ladder says.',
    check: ({ translate }, value) => (listed(value).every((one) => WARNING.test(one)) ? undefined : translate('Write shares such as 75%, or limits such as 1 WD.')),
  }),
  choice({
    id: 'sla-ladder', label: 'Who hears of a breach', ...property('sla.ladder'),
    options: ({ house, translate }) => [
      { value: '', label: translate('as the limit says') },
      ...house.all('ladders').map((name) => ({ value: name, label: name === 'default' ? translate('the usual ladder') : name })),
    ],
  }),
  choice({
    id: 'sla-pausable', label: 'May the clock be paused?', ...property('sla.pausable'),
    options: ({ translate }) => [
      { value: '', label: translate('yes, unless the profile forbids it') },
      { value: 'yes', label: translate('yes') },
      { value: 'no', label: translate('no') },
    ],
  }),
];

function stepsBeside(element, values) {
  return values.elementRegistry
    .filter((one) => isAny(one, ['bpmn:Task', 'bpmn:SubProcess', 'bpmn:CallActivity', 'bpmn:Event']) && !one.labelTarget && one !== element)
    .map(getBusinessObject);
}

export function clockGroup(here) {
  const { element } = here;
  const isClocked = isAny(element, CLOCKED) || isAny(element, ['bpmn:Participant', 'bpmn:Collaboration']);
  if (!isClocked || !ownerOf(element) || is(ownerOf(element), 'bpmn:Collaboration')) return null;
  const entries = isWritten(here) ? [WRITTEN_LIMIT, ...SETTINGS] : [LIMITS, ...(SLA.get(here) ? SETTINGS : [])];
  return { id: 'deadline', label: 'Deadline', entries };
}

// --- timer events ----------------------------------------------------------------------------------------------------

const OTHER = '*';
const TIMER_LIMIT = choice({
  id: 'timer-limit', label: 'It rings when this limit is over',
  get: ({ element, values }) => limitOf(values.timer(element).text) ?? OTHER,
  set: ({ element, values }, name) => {
    const { kind, text: held } = values.timer(element);
    if (name === OTHER) values.setTimer(element, kind, limitOf(held) ? '' : held);
    else values.setTimer(element, is(element, 'bpmn:StartEvent') ? 'timeCycle' : 'timeDuration', limitCall(name));
  },
  options: (here) => [{ value: OTHER, label: here.translate('none: a time of its own') }, ...limitOptions(here)],
  hint: (here) => {
    const name = limitOf(here.values.timer(here.element).text);
    return name ? figures(here, name) : undefined;
  },
});
const TIMER_KIND = choice({
  id: 'timer-kind', label: 'What kind of time',
  get: ({ element, values }) => values.timer(element).kind,
  set: ({ element, values }, kind) => values.setTimer(element, kind, values.timer(element).text),
  options: ({ translate }) => [
    { value: 'timeDuration', label: translate('after a while') },
    { value: 'timeCycle', label: translate('again and again') },
    { value: 'timeDate', label: translate('at a date') },
  ],
});
const TIMER_TEXT = suggested({
  id: 'timer-text', label: 'Time',
  hint: 'A limit such as 2 WD or 4 WH, an elapsed time such as PT48H, or an expression in ${…}.',
  get: ({ element, values }) => values.timer(element).text,
  set: ({ element, values }, value) => values.setTimer(element, values.timer(element).kind, value),
  suggestions: ({ translate }) => [
    { value: '2 WD', label: translate('2 working days') },
    { value: '4 WH', label: translate('4 working hours') },
    { value: '3 CD', label: translate('3 calendar days') },
    { value: 'PT48H', label: translate('48 hours by the clock') },
    { value: 'every week by friday', label: translate('each week, by Friday') },
  ],
});

export function timerGroup(here) {
  const { element, values } = here;
  if (!eventOf(element, 'Timer')) return null;
  const isLimit = limitOf(values.timer(element).text) !== null;
  return { id: 'timer', label: 'Time', entries: isLimit ? [TIMER_LIMIT] : [TIMER_LIMIT, TIMER_KIND, TIMER_TEXT] };
}

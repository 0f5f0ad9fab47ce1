// The kinds of fields that the panel is made of. Each is a component of its own, once: a component made anew for each
// element would be mounted anew too, and what was typed a moment ago would be lost.
import { CheckboxEntry, SelectEntry, TextAreaEntry, TextFieldEntry, isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useState } from '@bpmn-io/properties-panel/preact/hooks';
import { useService } from 'bpmn-js-properties-panel';

/** What every field works with. An entry gives `get`, `set` and so on as functions of this. */
function useSurroundings(element) {
  return {
    element,
    values: useService('camundaValues'),
    house: useService('house'),
    translate: useService('translate'),
  };
}

const inputId = (id) => `bio-properties-panel-${id}`;

function Hint({ children }) {
  return children ? h('div', { class: 'bio-properties-panel-description' }, children) : null;
}

function Text({ element, id, label, words, hint, get, set, check, isLong, isFixed }) {
  const here = useSurroundings(element);
  const debounce = useService('debounceInput');
  const Entry = isLong ? TextAreaEntry : TextFieldEntry;
  return h(Entry, {
    element,
    id,
    debounce,
    autoResize: true,
    disabled: isFixed,
    label: here.translate(label, words),
    description: typeof hint === 'function' ? hint(here) : hint && here.translate(hint),
    getValue: () => get(here) ?? '',
    setValue: (value, problem) => problem || set(here, value ?? ''),
    validate: check && ((value) => check(here, value ?? '')),
  });
}

function Choice({ element, id, label, hint, get, set, options }) {
  const here = useSurroundings(element);
  const value = get(here) ?? '';
  const offered = options(here);
  const flat = offered.flatMap((one) => one.children ?? [one]);
  // What stands in the file stays to be seen, also when it exists no more.
  const shown = flat.some((one) => one.value === value) ? offered : [...offered, { value, label: here.translate('{value} (does not exist)', { value }) }];
  return h(SelectEntry, {
    element,
    id,
    label: here.translate(label),
    description: typeof hint === 'function' ? hint(here) : hint && here.translate(hint),
    getValue: () => value,
    setValue: (chosen) => set(here, chosen),
    getOptions: () => shown,
  });
}

function Switch({ element, id, label, hint, get, set }) {
  const here = useSurroundings(element);
  return h(CheckboxEntry, {
    element,
    id,
    label: here.translate(label),
    description: hint && here.translate(hint),
    getValue: () => Boolean(get(here)),
    setValue: (value) => set(here, value),
  });
}

/** A text with suggestions that is taken when the field is left or Enter is pressed, never letter by letter. */
function Suggested({ element, id, label, hint, get, set, suggestions, placeholder }) {
  const here = useSurroundings(element);
  return h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id },
    h('label', { class: 'bio-properties-panel-label', for: inputId(id) }, here.translate(label)),
    h(SuggestedInput, { id, value: get(here) ?? '', placeholder, options: suggestions(here), onTake: (text) => set(here, text) }),
    h(Hint, null, typeof hint === 'function' ? hint(here) : hint && here.translate(hint)));
}

function SuggestedInput({ id, value, options, onTake, placeholder, label, isEmptied }) {
  const list = `${inputId(id)}-list`;
  const take = ({ target }) => {
    const text = target.value.trim();
    if (isEmptied) target.value = '';
    if (text !== value) onTake(text);
  };
  return h('div', null,
    h('input', {
      id: inputId(id), class: 'bio-properties-panel-input', type: 'text', list, value, placeholder, 'aria-label': label, autocomplete: 'off', spellcheck: false,
      onChange: take,
      onKeyDown: (event) => { if (event.key === 'Enter') take(event); },
    }),
    h('datalist', { id: list }, options.map((one) => h('option', { value: one.value, key: one.value }, one.label))));
}

/** Several of many: what is chosen as signs that can be taken away, and a field to add one more. */
function Several({ element, id, label, hint, get, set, options, name, details, isSearched, addLabel }) {
  const here = useSurroundings(element);
  const { translate } = here;
  const chosen = get(here);
  const left = (list) => list.flatMap((one) => {
    if (!one.children) return chosen.includes(one.value) ? [] : [one];
    const children = left(one.children);
    return children.length ? [{ ...one, children }] : [];
  });
  const add = (value) => value && !chosen.includes(value) && set(here, [...chosen, value]);
  const offered = left(options(here));
  return h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id },
    h('label', { class: 'bio-properties-panel-label', for: inputId(id) }, translate(label)),
    h('ul', { class: 'chosen', 'aria-label': translate(label) }, chosen.map((value) => h('li', { key: value },
      h('span', { class: 'chosen-name' }, name(here, value)),
      h('button', {
        type: 'button', class: 'chosen-remove', 'aria-label': translate('Remove {name}', { name: name(here, value) }), title: translate('Remove'),
        onClick: () => set(here, chosen.filter((one) => one !== value)),
      }, '×'),
      details?.(here, value)))),
    isSearched
      ? h(SuggestedInput, { id, value: '', isEmptied: true, placeholder: translate(addLabel), options: offered, onTake: add })
      : h('select', { id: inputId(id), class: 'bio-properties-panel-input', value: '', onChange: (event) => { add(event.target.value); event.target.value = ''; } },
        h('option', { value: '' }, translate(addLabel)),
        offered.map((one) => (one.children
          ? h('optgroup', { label: one.label, key: one.label }, one.children.map((each) => h('option', { value: each.value, key: each.value }, each.label)))
          : h('option', { value: one.value, key: one.value }, one.label)))),
    h(Hint, null, hint && translate(hint)));
}

/** Pairs of texts, such as variables that cross a call: name ← what it gets. A row that is not whole is not written. */
function Pairs({ element, id, label, hint, get, set, left, right, leftSuggestions }) {
  const here = useSurroundings(element);
  const { translate } = here;
  const [draft, setDraft] = useState(null);
  const rows = get(here);
  const put = (place, row) => {
    if (place === rows.length && !(row[0] && row[1])) return setDraft(row);
    setDraft(null);
    const next = rows.map((one, number) => (number === place ? row : one));
    if (place === rows.length) next.push(row);
    return set(here, next.filter((one) => one[0] || one[1]));
  };
  const shown = [...rows, ...(draft ? [draft] : [])];
  const list = `${inputId(id)}-list`;
  return h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id },
    h('span', { class: 'bio-properties-panel-label' }, translate(label)),
    shown.map((row, place) => h('div', { class: 'pair', key: place },
      h('input', { class: 'bio-properties-panel-input', value: row[0], list, 'aria-label': `${translate(label)}: ${translate(left)}`, placeholder: translate(left), onChange: (event) => put(place, [event.target.value.trim(), row[1]]) }),
      h('span', { 'aria-hidden': 'true' }, '←'),
      h('input', { class: 'bio-properties-panel-input', value: row[1], 'aria-label': `${translate(label)}: ${translate(right)}`, placeholder: translate(right), onChange: (event) => put(place, [row[0], event.target.value.trim()]) }),
      h('button', {
        type: 'button', class: 'chosen-remove', title: translate('Remove'), 'aria-label': translate('Remove {name}', { name: row[0] || row[1] }),
        onClick: () => (place === rows.length ? setDraft(null) : set(here, rows.filter((_, number) => number !== place))),
      }, '×'))),
    h('datalist', { id: list }, (leftSuggestions?.(here) ?? []).map((one) => h('option', { value: one, key: one }))),
    draft ? null : h('button', { type: 'button', class: 'pair-add', onClick: () => setDraft(['', '']) }, translate('Add a row')),
    h(Hint, null, hint && translate(hint)));
}

/** Words or a link, nothing to fill in. */
function Told({ element, id, tell }) {
  const here = useSurroundings(element);
  const told = tell(here);
  return told ? h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id }, told) : null;
}

export const text = (entry) => ({ component: Text, isEdited: entry.isLong ? isTextAreaEntryEdited : isTextFieldEntryEdited, ...entry });
export const choice = (entry) => ({ component: Choice, isEdited: isSelectEntryEdited, ...entry });
export const yesNo = (entry) => ({ component: Switch, isEdited: isCheckboxEntryEdited, ...entry });
// The dot of a group says that something is set in it.
const holdsText = (input) => Boolean(input?.value);
const holdsChosen = (input) => Boolean(input?.closest('.bio-properties-panel-entry').querySelector('.chosen > li'));

export const suggested = (entry) => ({ component: Suggested, isEdited: holdsText, ...entry });
export const several = (entry) => ({ component: Several, isEdited: holdsChosen, ...entry });
export const pairs = (entry) => ({ component: Pairs, isEdited: holdsText, ...entry });
export const told = (entry) => ({ component: Told, ...entry });

/** An attribute, of the standard or `camunda:…`, as `get` and `set` of an entry. */
export const attribute = (name) => ({
  get: ({ element, values }) => values.get(element, name),
  set: ({ element, values }, value) => values.set(element, name, value),
});

/** A `camunda:property`, as `get` and `set` of an entry. */
export const property = (name) => ({
  get: ({ element, values }) => values.property(element, name),
  set: ({ element, values }, value) => values.setProperty(element, name, value),
});

export const listed = (value) => (value ?? '').split(',').map((one) => one.trim()).filter(Boolean);
export const joined = (chosen) => chosen.join(', ');

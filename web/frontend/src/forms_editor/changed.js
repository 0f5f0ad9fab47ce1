// What a person changed of a row, word by word: what is not sent stays as somebody else may have made it meanwhile.
const ALWAYS = new Set(['csrf_token', 'act', 'field']);
const OPTIONS = ['option_value', 'option_zh', 'option_en'];

function shownBefore(select) {
  const chosen = [...select.options].find((one) => one.defaultSelected) ?? select.options[0];
  return chosen?.value;
}

function isChanged(input) {
  if (input.type === 'checkbox') return input.checked !== input.defaultChecked;
  return input.tagName === 'SELECT' ? input.value !== shownBefore(input) : input.value !== input.defaultValue;
}

/** The words to send; `submitter`: a button of an option, which needs all of them. Null when nothing was changed. */
export function changedWords(form, submitter = null) {
  const data = new FormData();
  const inputs = [...form.elements].filter((one) => one.name && one.type !== 'submit');
  const named = (names) => inputs.filter((one) => names.includes(one.name));
  const words = new Set();
  for (const input of inputs) {
    if (ALWAYS.has(input.name)) data.append(input.name, input.value);
    else if (input.type !== 'hidden' && isChanged(input)) words.add(input.name);
  }
  if (submitter?.name.startsWith('option_')) {
    data.append(submitter.name, submitter.value);
    words.add(OPTIONS[0]);
  }
  if (OPTIONS.some((one) => words.has(one))) {
    for (const input of named(OPTIONS)) data.append(input.name, input.value);
  }
  if (words.has('show_values')) {
    data.append('has_show_values', 'true');
    for (const input of named(['show_values'])) if (input.type !== 'checkbox' || input.checked) data.append('show_values', input.value);
  }
  for (const name of words) {
    if (OPTIONS.includes(name) || name === 'show_values') continue;
    const input = named([name])[0];
    if (input.type !== 'checkbox') {
      data.append(name, input.value);
    } else {
      data.append('ticks', name);
      if (input.checked) data.append(name, 'true');
    }
  }
  return words.size ? data : null;
}

/** Takes what was sent as what is shown now; what was typed since counts as a change. */
export function settle(form, data) {
  const sent = Object.fromEntries([...OPTIONS, 'show_values'].map((name) => [name, data.getAll(name)]));
  const numbers = {};
  for (const input of form.elements) {
    if (OPTIONS.includes(input.name)) {
      const number = (numbers[input.name] = (numbers[input.name] ?? -1) + 1);
      if (number < sent[input.name].length) input.defaultValue = sent[input.name][number];
    } else if (input.type === 'checkbox') {
      if (input.name === 'show_values' && data.has('has_show_values')) input.defaultChecked = sent.show_values.includes(input.value);
      else if (data.getAll('ticks').includes(input.name)) input.defaultChecked = data.has(input.name);
    } else if (input.tagName === 'SELECT' && data.has(input.name)) {
      for (const option of input.options) option.defaultSelected = option.value === data.get(input.name);
    } else if (input.type !== 'hidden' && data.has(input.name)) {
      input.defaultValue = data.get(input.name);
    }
  }
}

// Fields that belong to the form only for some answers. The server judges again, whatever is shown here.
function held(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (!inputs.length) return null;
  if (inputs[0].type === 'radio') return inputs.find((one) => one.checked)?.value ?? null;
  if (inputs[0].type === 'checkbox' && inputs.length === 1) return inputs[0].checked;
  if (inputs[0].type === 'checkbox') return inputs.filter((one) => one.checked).map((one) => one.value);
  return inputs[0].value === '' ? null : inputs[0].value;
}

const asText = (value) => (value === null || value === undefined ? '' : String(value));

function isShown(form, field) {
  const wanted = JSON.parse(field.dataset.showValue);
  const value = held(form, field.dataset.showField);
  switch (field.dataset.showOp) {
    case 'ne': return asText(value) !== asText(wanted);
    case 'in': return (wanted ?? []).map(asText).includes(asText(value));
    case 'filled': return value !== null && value !== '' && value.length !== 0;
    default: return asText(value) === asText(wanted);
  }
}

export function watchForms(root) {
  for (const form of root.querySelectorAll('form')) {
    const fields = [...form.querySelectorAll('[data-show-field]')];
    if (!fields.length) continue;
    const update = () => {
      for (const field of fields) {
        const shown = isShown(form, field);
        field.hidden = !shown;
        for (const input of field.querySelectorAll('input, select, textarea')) input.disabled = !shown;
      }
    };
    form.addEventListener('input', update);
    update();
  }
}

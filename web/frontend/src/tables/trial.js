// A row of inputs to try: which rules it meets and what the table answers, while the table is being changed.
import { rowButton } from './examination.js';

const PAUSE_MS = 200;

export class Trial {
  constructor(facts) {
    Object.assign(this, facts);
    this.fields = '';
    this.isUsed = false;
    const again = () => {
      this.isUsed = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.asked, PAUSE_MS);
    };
    this.form.addEventListener('input', again);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      again();
    });
    this.form.addEventListener('reset', () => {
      this.isUsed = false;
      setTimeout(this.asked);
    });
  }

  /** What was filled in, as text; null before anything was. */
  row() {
    return this.isUsed ? Object.fromEntries(new FormData(this.form)) : null;
  }

  told(answer) {
    const table = answer.tables.find((one) => one.id === this.editor.decision());
    this.form.hidden = !table;
    if (table) this.#draw(table.inputs);
    this.#say(answer);
  }

  #draw(inputs) {
    const wanted = JSON.stringify(inputs);
    if (wanted === this.fields) return;
    this.fields = wanted;
    const held = Object.fromEntries(new FormData(this.form));
    const place = this.form.querySelector('[data-fields]');
    place.replaceChildren(...inputs.map((input, number) => this.#field(input, number, held[input.name] ?? '')));
  }

  #field(input, number, value) {
    const holder = document.createElement('div');
    holder.className = 'field';
    const label = document.createElement('label');
    label.htmlFor = `trial-${number}`;
    label.textContent = input.label;
    const choices = input.allowed.length ? input.allowed.map(String) : input.kind === 'boolean' ? ['true', 'false'] : null;
    const control = document.createElement(choices ? 'select' : 'input');
    control.id = label.htmlFor;
    control.name = input.name;
    control.className = choices ? 'form-select form-select-sm' : 'form-control form-control-sm';
    if (choices) {
      control.append(new Option(this.words.nothing, ''), ...choices.map((one) => new Option(this.#called(input.name, one), one)));
    } else {
      control.type = input.kind === 'date' ? 'date' : 'text';
      if (['number', 'integer', 'long', 'double'].includes(input.kind)) control.inputMode = 'decimal';
      control.autocomplete = 'off';
    }
    control.value = value;
    holder.append(label, control);
    return holder;
  }

  // Staff know a value by what it is called on a form.
  #called(name, value) {
    const label = this.labels[name.split('.').pop()]?.[value]?.[this.locale];
    if (label && label !== value) return `${label} (${value})`;
    return { true: this.words.yes, false: this.words.no }[value] ?? value;
  }

  #say(answer) {
    const { trial } = answer;
    this.editor.mark('hit', trial ? trial.rows.filter((row) => row.is_hit).map((row) => row.id) : []);
    if (answer.refused) this.result.replaceChildren(line(this.words.mend_first, 'quiet'));
    else this.result.replaceChildren(...(trial ? this.#parts(trial) : []));
  }

  #parts(trial) {
    const { words, locale } = this;
    const hits = trial.rows.filter((row) => row.is_hit);
    const parts = trial.required.flatMap((one) => [heading(words.first_asked.replace('{name}', one.name)), ...this.#parts(one)]);
    if (trial.required.length) parts.push(heading(trial.name));
    if (trial.failure) parts.push(line(trial.failure[locale], 'trial-failure'));
    else if (trial.is_aggregated) parts.push(line(`${words.answer}${shown(trial.value)}`, 'trial-answer'));
    else if (!trial.outputs.length) parts.push(line(words.no_answer, 'trial-failure'));
    for (const output of trial.outputs) {
      const told = Object.entries(output).map(([name, value]) => `${name} = ${this.#called(name, shown(value))}`).join('；');
      parts.push(line(`${words.answer}${told}`, 'trial-answer'));
    }
    if (hits.length) {
      const met = line(words.hits, '');
      for (const row of hits) met.append(' ', rowButton(row, trial.decision, words, this.jump));
      parts.push(met);
    }
    const others = trial.rows.filter((row) => !row.is_hit);
    if (others.length) parts.push(this.#whyNot(others));
    return parts;
  }

  #whyNot(rows) {
    const details = document.createElement('details');
    details.className = 'quiet-details';
    details.open = this.isWhyOpen ?? false;
    details.addEventListener('toggle', () => { this.isWhyOpen = details.open; });
    const summary = document.createElement('summary');
    summary.textContent = this.words.why_not.replace('{count}', rows.length);
    const list = document.createElement('ul');
    for (const row of rows) {
      const item = document.createElement('li');
      item.textContent = this.words.unfit
        .replace('{number}', row.number).replace('{column}', row.column).replace('{value}', shown(row.value)).replace('{cell}', row.cell);
      list.append(item);
    }
    details.append(summary, list);
    return details;
  }
}

const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

function line(text, className) {
  const made = document.createElement('p');
  made.className = className;
  made.textContent = text;
  return made;
}

function heading(text) {
  const made = document.createElement('h4');
  made.textContent = text;
  return made;
}

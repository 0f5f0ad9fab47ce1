// Spares the form editor's reloads: each change is sent when a field is left, in order, and its pieces are put in place.
import './forms_editor.css';
import { watchForms } from '../forms.js';
import { NotDone, ask } from '../editing/server.js';
import { Bar, momentOf } from '../editing/bars.js';
import { watchPresence } from '../editing/presence.js';
import { changedWords, settle } from './changed.js';
import { Elsewhere } from './elsewhere.js';
import { Queue, send } from './queue.js';

// Its words are sent one by one as they are changed; other forms go as a whole when they are sent.
const isRow = (form) => ['field', 'head'].includes(form.dataset.act);

function open(place) {
  const part = (name) => place.querySelector(`[data-part="${name}"]`);
  const { here, file, path, locale } = place.dataset;
  const words = JSON.parse(place.dataset.words);
  const canEdit = place.dataset.edit === 'true';
  const bar = new Bar(part('notice'));
  const state = { revision: Number(place.dataset.revision), language: locale, example: 0, before: [] };
  const elsewhere = new Elsewhere({ address: place.dataset.findings, path, locale, words, list: part('elsewhere'), file });
  place.classList.add('with-script');

  function say(text, kind = '') {
    part('status').textContent = text;
    part('status').dataset.state = kind;
  }

  function show(answer) {
    state.revision = answer.revision;
    const focused = document.activeElement?.id;
    if (answer.rows !== null) {
      const isOpen = new Set([...place.querySelectorAll('.form-row:has(details[open])')].map((row) => row.dataset.field));
      part('rows').innerHTML = answer.rows;
      for (const row of place.querySelectorAll('.form-row')) {
        if (isOpen.has(row.dataset.field) || row.dataset.field === answer.opened) row.querySelector('details').open = true;
      }
    }
    for (const [name, html] of Object.entries(answer.summaries)) {
      const summary = place.querySelector(`[data-field="${CSS.escape(name)}"] [data-summary]`);
      if (summary && summary.innerHTML !== html) summary.innerHTML = html;
    }
    part('beside').innerHTML = answer.beside;
    dress();
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) again.focus();
    if (again?.disabled) again.closest('.form-row')?.querySelector('summary').focus();
  }

  // What is drawn anew: which language and example of the preview, and the fields that answers show.
  function dress() {
    for (const preview of place.querySelectorAll('[data-preview]')) preview.hidden = preview.dataset.preview !== state.language;
    for (const button of place.querySelectorAll('[data-language]')) button.setAttribute('aria-pressed', String(button.dataset.language === state.language));
    for (const input of place.querySelectorAll('input[name="seen"]')) input.value = state.revision;
    if (part('undo')) part('undo').disabled = !state.before.length;
    watchForms(part('beside'));
  }

  async function load(query = '') {
    show(await ask(`${here}?parts&example=${state.example}${query}`));
  }

  const queue = new Queue({
    async run(job) {
      say(words.saving);
      if (job.undo) {
        await undo(job);
        return;
      }
      const { form, data, field } = job;
      data.set('seen', state.revision);
      data.set('example', data.get('example') ?? state.example);
      try {
        const answer = await send(here, data);
        mark(form, null);
        if (isRow(form)) settle(form, data);
        if (answer.revision !== state.revision) state.before.push(answer.before);
        const renamed = data.get('act') === 'field' ? data.get('name') : data.get('act') === 'add' ? data.get('name') : field;
        show({ ...answer, opened: answer.rows === null ? null : renamed });
        if (data.get('act') === 'add') form.reset();
        bar.hide();
        say(words.saved.replace('{at}', momentOf(new Date(), locale)));
        elsewhere.changed();
      } catch (problem) {
        if (!(problem instanceof NotDone)) throw problem;
        refused(problem, job);
      }
    },
  });

  async function undo(job) {
    const text = state.before.at(-1);
    if (text === undefined) return;
    try {
      await ask(file, { method: 'PUT', data: { text, seen: state.revision } });
      state.before.pop();
      await load();
      say(words.undone);
      elsewhere.changed();
    } catch (problem) {
      if (!(problem instanceof NotDone)) throw problem;
      refused(problem, job);
    }
  }

  function refused(problem, job) {
    if (problem.status === 422) {
      say('');
      if (problem.told.beside) {
        show({ ...problem.told, rows: null, summaries: {} });
        part('beside').querySelector('[aria-invalid="true"]')?.focus();
      } else {
        mark(job.form, problem.told);
      }
    } else if (problem.status === 409) {
      say('', 'conflict');
      queue.forget();
      bar.show('conflict', problem.told.message, [
        [words.conflict_theirs, async () => { bar.hide(); await load(); }],
        [words.conflict_mine, async () => {
          bar.hide();
          await load();
          queue.add(job);
        }],
      ]);
    } else {
      const why = problem.told.message ?? words.away;
      say(words.failed.replace('{why}', why), 'failed');
      bar.show('bad', words.failed.replace('{why}', why), [[words.again, () => { bar.hide(); queue.add(job); }]]);
    }
  }

  // Which word of a row was refused, and why; what was typed stays.
  function mark(form, told) {
    const line = form.querySelector('[data-error]');
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
    if (!line) return;
    line.hidden = !told;
    line.textContent = told?.message ?? '';
    const input = told?.word ? form.elements.namedItem(told.word) : null;
    if (input instanceof HTMLElement) input.setAttribute('aria-invalid', 'true');
  }

  function add(form, submitter) {
    const data = isRow(form) ? changedWords(form, submitter) : new FormData(form, submitter);
    if (data) queue.add({ form, data, field: data.get('field') });
  }

  place.addEventListener('submit', (event) => {
    event.preventDefault();
    add(event.target, event.submitter);
  });
  place.addEventListener('change', (event) => {
    const form = event.target.closest('form');
    if (form && canEdit && isRow(form)) add(form);
  });
  place.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-language], [data-example]');
    if (!button) return;
    if (button.dataset.language) {
      state.language = button.dataset.language;
      dress();
    } else {
      state.example = Number(button.dataset.example);
      await load();
    }
  });
  part('undo')?.addEventListener('click', () => queue.add({ undo: true }));
  if (canEdit) {
    watchPresence(place.dataset.presence, path, ({ present, files }) => {
      const others = present.filter((one) => one.path === path).map((one) => one.name);
      part('present').textContent = others.length ? words.present.replace('{names}', others.join('、')) : '';
      const newest = files[path];
      if (newest && !newest.is_own && newest.revision > state.revision && !queue.isBusy) {
        bar.show('news', words.newer, [[words.conflict_theirs, async () => { bar.hide(); await load(); }]]);
      }
    });
  }
  // A finding leads to its row, here or from another page.
  function openNamed() {
    const details = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector('details');
    if (details) details.open = true;
  }
  window.addEventListener('hashchange', openNamed);
  openNamed();
  dress();
  place.dataset.ready = 'true';
}

document.querySelectorAll('[data-form-page]').forEach(open);

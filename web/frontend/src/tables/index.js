// The page of a decision table: the table itself, what the check says of it, and trying a row before anything is saved.
import './tables.css';
import { NotDone, ask } from '../editing/server.js';
import { Bar, momentOf } from '../editing/bars.js';
import { keepOneFile } from '../editing/one_file.js';
import { Examination } from './examination.js';
import { Trial } from './trial.js';

const MOST_BESIDE = 4; // columns of a table that leaves room for findings beside it

async function open(place) {
  const part = (name) => place.querySelector(`[data-part="${name}"]`);
  const { path, locale, file: address } = place.dataset;
  const words = JSON.parse(place.dataset.words);
  const canEdit = place.dataset.edit === 'true';
  const bar = new Bar(part('notice'));
  const status = part('status');

  // The library is large: it comes while the server reads the file.
  const [{ TableEditor }, file] = await Promise.all([import('./table_editor.js'), ask(address)]);
  const editor = new TableEditor({ container: part('canvas'), locale, canEdit, changed: () => changed() });
  const readText = () => editor.text();
  let saving = null; // of an owner, once the table is on the screen

  const jump = (row) => editor.goTo(row);
  const examination = new Examination({
    address: place.dataset.examine, findings: canEdit ? place.dataset.findings : null, path, locale, words, readText,
    list: part('findings'), changes: part('changes'), count: part('finding-count'), jump, editor,
    told: (answer) => trial.told(answer),
  });
  const trial = new Trial({
    form: part('trial'), result: part('result'), locale, words, labels: JSON.parse(place.dataset.labels), jump, editor,
    asked: () => examination.now(),
  });
  examination.row = () => trial.row();
  examination.decision = () => editor.decision();

  function changed() {
    saving?.changed();
    examination.changed();
  }

  async function show(text) {
    try {
      await editor.open(text);
    } catch (problem) {
      bar.show('bad', words.unreadable.replace('{why}', problem.message), []);
      return;
    }
    place.classList.toggle('is-wide', editor.columns() > MOST_BESIDE);
    tabs(part('tabs'), editor, words, () => examination.now());
    await examination.now();
  }

  await show(file.text);
  if (file.edited_at) status.textContent = words.edited.replace('{by}', file.edited_by).replace('{at}', momentOf(file.edited_at, locale));
  for (const [name, act] of [['undo', () => editor.undo()], ['redo', () => editor.redo()]]) part(name)?.addEventListener('click', act);
  editor.watchHistory((can) => {
    if (part('undo')) part('undo').disabled = !can.undo;
    if (part('redo')) part('redo').disabled = !can.redo;
  });
  if (canEdit) saving = keepOneFile({ place, file, bar, words, readText, show });
  place.dataset.ready = 'true';
}

// One tab a table, and one for how they depend on each other, where a file has several.
function tabs(place, editor, words, chosen) {
  const draw = () => {
    const views = editor.views();
    place.hidden = views.length < 2;
    place.replaceChildren(...views.map((view) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'table-tab';
      button.setAttribute('aria-pressed', String(view.isOpen));
      button.textContent = view.isOverview ? words.overview : view.name;
      button.addEventListener('click', async () => {
        await editor.openView(view.id);
        chosen();
      });
      return button;
    }));
  };
  editor.watchViews(draw);
  draw();
}

for (const place of document.querySelectorAll('[data-table-page]')) {
  open(place).catch((problem) => {
    if (!(problem instanceof NotDone)) throw problem;
    new Bar(place.querySelector('[data-part="notice"]')).show('bad', problem.message, []);
  });
}

// Stories of a procedure: the text of one with its autosave, its problems at their lines, and a play after each save.
import '../css/stories.css';
import '../css/year.css';
import { NotDone, ask } from '../modeler/server.js';
import { Bar, momentOf } from '../modeler/bars.js';
import { Saving, forget, keptBefore } from '../modeler/saving.js';
import { watchPresence } from '../modeler/presence.js';

class LineNumbers {
  constructor(place, text) {
    Object.assign(this, { place, text, wrong: 0 });
    text.addEventListener('scroll', () => { place.scrollTop = text.scrollTop; });
    this.draw();
  }

  /** `wrong`: the line that has a problem, or 0. */
  draw(wrong = this.wrong) {
    this.wrong = wrong;
    const count = this.text.value.split('\n').length;
    const lines = Array.from({ length: count }, (_, at) => {
      const line = document.createElement('span');
      line.textContent = `${at + 1}\n`;
      line.classList.toggle('here', at + 1 === wrong);
      return line;
    });
    this.place.replaceChildren(...lines);
    this.place.scrollTop = this.text.scrollTop;
  }
}

async function open(place) {
  const part = (name) => place.querySelector(`[data-part="${name}"]`);
  const { path, locale, file: address } = place.dataset;
  const words = JSON.parse(place.dataset.words);
  const text = part('text');
  const status = part('status');
  const problem = part('problem');
  const bar = new Bar(part('notice'));
  const numbers = new LineNumbers(part('numbers'), text);
  const file = await ask(address);
  text.value = file.text;
  numbers.draw();
  if (place.dataset.edit !== 'true') return;

  let asked = 0;
  async function check() {
    const number = ++asked;
    problem.className = 'quiet';
    problem.textContent = words.playing;
    try {
      const found = await ask(place.dataset.check, { method: 'POST', data: { path, text: text.value } });
      if (number !== asked) return;
      const wrong = found.problem;
      problem.className = wrong ? 'story-why' : 'quiet';
      problem.textContent = wrong ? words.line.replace('{line}', wrong.line).replace('{says}', wrong.says) : words.passes;
      text.setAttribute('aria-invalid', String(Boolean(wrong)));
      numbers.draw(wrong ? wrong.line : 0);
    } catch (fault) {
      if (number === asked && fault instanceof NotDone) problem.textContent = fault.message;
    }
  }

  const saving = new Saving({
    address,
    seen: file.revision,
    readText: () => text.value,
    tell(state, facts) {
      status.textContent = {
        changed: () => words.changed,
        saving: () => words.saving,
        saved: () => words.saved.replace('{at}', momentOf(facts.at, locale)),
        failed: () => words.failed.replace('{why}', facts.message ?? ''),
        conflict: () => words.conflict,
      }[state]();
      if (state === 'saved') check();
      if (state === 'conflict') bar.show('conflict', facts.message ?? words.conflict, [[words.theirs, load]]);
    },
  });

  async function load() {
    const newest = await ask(address);
    text.value = newest.text;
    saving.restart(newest.revision);
    bar.hide();
    numbers.draw(0);
  }

  text.addEventListener('input', () => {
    numbers.draw();
    saving.changed();
  });

  const kept = keptBefore(address);
  if (kept && kept.text !== file.text) {
    bar.show('news', words.kept.replace('{at}', momentOf(kept.at, locale)), [
      ...(kept.seen === file.revision ? [[words.take_up, () => {
        text.value = kept.text;
        bar.hide();
        numbers.draw();
        saving.changed();
      }]] : []),
      [words.give_up, () => { forget(address); bar.hide(); }],
    ]);
  }
  watchPresence(place.dataset.presence, path, ({ present, files }) => {
    const here = present.filter((one) => one.path === path).map((one) => one.name);
    part('present').textContent = here.length ? words.present.replace('{names}', here.join('、')) : '';
    const newest = files[path];
    if (newest && !newest.is_own && newest.revision > saving.seen && !saving.isStopped && !saving.isChanged) {
      bar.show('news', words.newer, [[words.theirs, load]]);
    }
  });
  place.dataset.ready = 'true';
}

for (const place of document.querySelectorAll('[data-story-editor]')) open(place);

// Stories of a procedure: the text of one with its autosave, its problems at their lines, and a play after each save.
import '../css/stories.css';
import '../css/year.css';
import { NotDone, ask } from '../editing/server.js';
import { Bar } from '../editing/bars.js';
import { keepOneFile } from '../editing/one_file.js';

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
  const { path, file: address } = place.dataset;
  const words = JSON.parse(place.dataset.words);
  const text = part('text');
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

  const saving = keepOneFile({
    place, file, bar, words,
    readText: () => text.value,
    show(written) {
      text.value = written;
      numbers.draw(0);
    },
    saved: check,
  });
  text.addEventListener('input', () => {
    numbers.draw();
    saving.changed();
  });
  place.dataset.ready = 'true';
}

for (const place of document.querySelectorAll('[data-story-editor]')) open(place);

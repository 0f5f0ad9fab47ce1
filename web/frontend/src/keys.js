// Keyboard: j and k move through lines, Enter opens, c claims, / searches, n registers, ? helps.
import { openHelp } from './menus.js';

const lines = () => [...document.querySelectorAll('[data-lines] [data-line]')];
const isTyping = (target) => target.closest?.('input, textarea, select, [contenteditable]');
let isGoing = false;

function move(step) {
  const all = lines();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement?.closest?.('[data-line]'));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function claim() {
  const line = document.activeElement?.closest?.('li, tr');
  const button = line?.querySelector('[data-claim]') ?? document.querySelector('.task [data-claim]');
  button?.click();
}

function follow(name) {
  const target = document.querySelector(`[data-key="${name}"]`);
  if (target?.matches('input')) target.focus();
  else target?.click();
}

export function watchKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('[data-own-keys]')) return; // A drawing has keys of its own.
    if (isTyping(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (document.querySelector('dialog[open]')) return;
    if (isGoing) {
      isGoing = false;
      if (event.key === 'i') document.querySelector('a[href="/inbox"]')?.click();
      return;
    }
    const acts = {
      j: () => move(1),
      k: () => move(-1),
      c: claim,
      '/': () => follow('/'),
      n: () => follow('n'),
      g: () => { isGoing = true; },
      '?': openHelp,
    };
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

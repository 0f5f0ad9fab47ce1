// On a wide screen the task of the focused line shows beside the list.
import { watchForms } from './forms.js';
import { watchDrafts } from './drafts.js';

const WIDE = matchMedia('(min-width: 1200px)');
const WAIT_MS = 120;

async function show(pane, line) {
  if (pane.dataset.shown === line.dataset.pane) return;
  pane.dataset.shown = line.dataset.pane;
  const answer = await fetch(line.dataset.pane, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  const address = answer?.headers.get('HX-Redirect');
  if (address) {
    location.assign(address);
    return;
  }
  if (!answer || pane.dataset.shown !== line.dataset.pane) return;
  pane.innerHTML = await answer.text();
  for (const one of document.querySelectorAll('.row-shown')) one.classList.remove('row-shown');
  line.closest('li').classList.add('row-shown');
  watchForms(pane);
  watchDrafts(pane);
}

export function watchPane() {
  const pane = document.getElementById('pane');
  if (!pane) return;
  let timer;
  document.addEventListener('focusin', (event) => {
    const line = event.target.closest?.('[data-pane]');
    clearTimeout(timer);
    if (line && WIDE.matches) timer = setTimeout(() => show(pane, line), WAIT_MS);
  });
  document.addEventListener('click', (event) => {
    const line = event.target.closest?.('[data-pane]');
    if (!line || !WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.detail === 0) return;
    // A click shows the task beside the list; Enter, or a second click, opens its page.
    if (pane.dataset.shown === line.dataset.pane && event.detail > 1) return;
    event.preventDefault();
    show(pane, line);
  });
  const first = document.querySelector('[data-pane]');
  if (first && WIDE.matches) show(pane, first);
}

// The search of bpmn-js reads single keys. Chinese is written through an input method, whose Enter ends a word and
// chooses nothing, and pasted text comes without a key: both are told to the search as one more key.

export function watchChineseInput(container) {
  const isSearch = (target) => Boolean(target.closest?.('.djs-search-input'));
  const look = (input) => input.dispatchEvent(new KeyboardEvent('keyup', { key: 'Process', bubbles: true }));
  let endsWord = false;

  container.addEventListener('keydown', () => { endsWord = false; }, true);
  container.addEventListener('compositionend', (event) => {
    if (!isSearch(event.target)) return;
    endsWord = true;
    look(event.target);
  }, true);
  container.addEventListener('input', (event) => {
    if (isSearch(event.target) && !event.isComposing) look(event.target);
  }, true);
  container.addEventListener('keyup', (event) => {
    if (isSearch(event.target) && event.isTrusted && (event.isComposing || endsWord)) event.stopPropagation();
  }, true);
}

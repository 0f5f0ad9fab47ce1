// The buttons around the drawing: undo, search, whole view, help; and the two lists below it.
import { showWhole } from './canvas.js';
import { watchChineseInput } from './chinese_input.js';

export function watchTools({ page, translate }) {
  const { modeler } = page;
  const click = (name, act) => page.part(name)?.addEventListener('click', act);
  const actions = modeler.get('editorActions');
  const run = (name) => {
    page.part('canvas').querySelector('svg').focus();
    actions.trigger(name);
  };

  click('undo', () => run('undo'));
  click('redo', () => run('redo'));
  click('search', () => run('find'));
  click('whole', () => showWhole(modeler));
  click('nearer', () => modeler.get('canvas').zoom(modeler.get('canvas').zoom() * 1.2, 'auto'));
  click('further', () => modeler.get('canvas').zoom(modeler.get('canvas').zoom() / 1.2, 'auto'));
  const stack = modeler.get('commandStack', false);
  const tellUndo = () => {
    page.part('undo').disabled = !stack?.canUndo();
    page.part('redo').disabled = !stack?.canRedo();
  };
  modeler.on('commandStack.changed', tellUndo);
  tellUndo();
  watchChineseInput(page.part('canvas'));
  nameDrawing(page, translate);
  keepKeys(page);
  return { open: watchLists(page) };
}

// The drawing takes the focus, so it needs a name and its keys told.
function nameDrawing(page, translate) {
  const drawing = page.part('canvas').querySelector('.djs-container > svg');
  drawing.setAttribute('role', 'application');
  const palette = page.part('canvas').querySelector('.djs-palette');
  if (palette) {
    palette.tabIndex = 0; // On a low screen it scrolls, by the arrow keys too.
    palette.setAttribute('role', 'group');
    palette.setAttribute('aria-label', translate('Tools for the mouse; by the keyboard, N adds a step'));
  }
  drawing.setAttribute('aria-label', translate('Drawing of {path}. Ctrl+F finds a step, A appends one, ? lists all keys.', { path: page.path }));
}

// The site's own single keys do nothing in here (`data-own-keys`); this is the one that both have.
function keepKeys(page) {
  const help = page.part('keys');
  page.place.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '?' && !isTyping) help.showModal();
  });
  page.part('help').addEventListener('click', () => help.showModal());
}

// Two tabs below the drawing; the chosen one again closes the list and gives its room to the drawing.
function watchLists(page) {
  const tabs = [...page.place.querySelectorAll('[data-list]')];
  const open = (name) => {
    for (const tab of tabs) {
      const isOpen = tab.dataset.list === name;
      tab.setAttribute('aria-expanded', String(isOpen));
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !isOpen;
    }
    page.part('below').classList.toggle('is-open', Boolean(name));
    page.modeler.get('canvas').resized();
  };
  for (const tab of tabs) {
    tab.addEventListener('click', () => open(tab.getAttribute('aria-expanded') === 'true' ? null : tab.dataset.list));
  }
  return open;
}

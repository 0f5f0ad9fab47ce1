// Walking tokens through the drawing. The check's signs are hidden and nothing can be changed meanwhile.
// The package speaks English only: its texts are replaced as it writes them.

const TOGGLED = 'tokenSimulation.toggleMode';
const WITHIN = '.bts-palette, .bts-log, .bts-notifications, .bts-set-animation-speed, .bts-scopes, .bts-context-pad, .bts-element-notification';
const COUNTED = [
  [/^Focus process instance (.+)$/, 'Focus process instance {value}'],
  [/^(.+) started$/, '{value} started'],
  [/^(.+) finished$/, '{value} finished'],
  [/^(.+) canceled$/, '{value} canceled'],
];

// Texts that the package writes by itself; names of the reader's elements are none of them.
const TEXTS = new Set([
  'Simulation Log', 'Toggle Simulation Log', 'No Entries', 'Reset Simulation', 'Play/Pause Simulation', 'Pause Simulation',
  'Play Simulation', 'Finished', 'Not supported', 'Found unsupported elements', 'Set Sequence Flow', 'Trigger Event',
  'Set animation speed = Slow', 'Set animation speed = Normal', 'Set animation speed = Fast', 'Process', 'SubProcess',
  'Add pause point', 'Remove pause point', 'Token Simulation', 'Service Task', 'User Task', 'Call Activity', 'Script Task',
  'Business Rule Task', 'Manual Task', 'Receive Task', 'Send Task', 'Task', 'Exclusive Gateway', 'Parallel Gateway',
  'Inclusive Gateway', 'Start Event', 'Intermediate Event', 'Boundary Event', 'End Event',
]);

function translated(text, translate) {
  const bare = text.trim();
  if (TEXTS.has(bare)) return text.replace(bare, translate(bare));
  for (const [pattern, template] of COUNTED) {
    const value = bare.match(pattern)?.[1];
    if (value) return translate(template, { value: TEXTS.has(value) ? translate(value) : value });
  }
  return text;
}

function translateWithin(root, translate) {
  const places = [...(root.matches?.(WITHIN) || root.closest?.(WITHIN) ? [root] : []), ...(root.querySelectorAll?.(WITHIN) ?? [])];
  for (const place of places) {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const said = translated(text.data, translate);
      if (said !== text.data) text.data = said;
    }
    for (const titled of [place, ...place.querySelectorAll('[title]')]) {
      const title = titled.getAttribute('title');
      const said = title && translated(title, translate);
      if (said && said !== title) titled.setAttribute('title', said);
    }
  }
}

/** Follows `button` (aria-pressed) and tells `tell(isRunning)`, so that the panel and the list can stand still. */
export function watchSimulation({ modeler, container, button, translate, tell }) {
  const seen = new MutationObserver((changes) => {
    for (const change of changes) {
      translateWithin(change.target.nodeType === Node.TEXT_NODE ? change.target.parentElement : change.target, translate);
    }
  });
  seen.observe(container, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['title'] });
  translateWithin(container, translate);
  modeler.on(TOGGLED, ({ active }) => {
    button.setAttribute('aria-pressed', String(active));
    tell(active);
  });
  button.addEventListener('click', () => modeler.get('toggleMode').toggleMode());
}

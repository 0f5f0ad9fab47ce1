// Small drawn signs: severity is told by shape, not by colour alone, and no emoji font is needed.
const SHAPES = {
  error: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor"/><path d="M5.5 5.5l5 5m0-5l-5 5" stroke="var(--sheet)" stroke-width="1.8"/>',
  warning: '<path d="M8 1.2 15.4 14.5H.6z" fill="currentColor"/><path d="M8 6v4m0 1.4v1.4" stroke="var(--sheet)" stroke-width="1.8"/>',
  advice: '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M8 7v5M8 3.6v1.6" stroke="var(--sheet)" stroke-width="1.8"/>',
};

export function sign(name) {
  const holder = document.createElement('span');
  holder.className = 'sign';
  holder.setAttribute('aria-hidden', 'true');
  holder.innerHTML = `<svg width="14" height="14" viewBox="0 0 16 16">${SHAPES[name] ?? SHAPES.advice}</svg>`;
  return holder;
}

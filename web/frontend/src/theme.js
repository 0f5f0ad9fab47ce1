// Before the page is drawn: follows the system's look unless the person has chosen one on this device.
const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
function apply() {
  const chosen = root.dataset.theme;
  root.dataset.bsTheme = chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen;
}
apply();
system.addEventListener('change', apply);

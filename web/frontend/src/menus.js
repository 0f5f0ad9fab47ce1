// Menus close when one looks elsewhere; the help sheet; texts to copy; a form to print.
export function openHelp() {
  document.getElementById('help')?.showModal();
}

async function copy(button) {
  const text = document.querySelector(button.dataset.copy)?.textContent.trim() ?? '';
  await navigator.clipboard.writeText(text);
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = before; }, 2000);
}

export function watchMenus() {
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest('[data-help]')) openHelp();
    if (event.target.closest('[data-print]')) window.print();
    const button = event.target.closest('[data-copy]');
    if (button) copy(button);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
  document.querySelector('[data-focus]')?.focus();
}

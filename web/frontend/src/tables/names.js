// What dmn-js leaves without a name for a screen reader: cells, boxes, and lists to choose from.
export function namesForReaders(container, translate) {
  const name = () => {
    for (const field of container.querySelectorAll('td [contenteditable], th [contenteditable]')) {
      if (!field.hasAttribute('role')) field.setAttribute('role', 'textbox');
      if (!field.hasAttribute('aria-label')) field.setAttribute('aria-label', translate('Value'));
    }
    for (const box of container.querySelectorAll('input.item-toggle:not([aria-label])')) {
      box.setAttribute('aria-label', box.parentElement.textContent.trim());
    }
    const table = container.querySelector('.tjs-table-container:not([tabindex])');
    // Who may only look has no cell to put the cursor into, and scrolls the table itself.
    if (table?.querySelector('tbody td') && !table.querySelector('[contenteditable], [tabindex]')) table.tabIndex = 0;
    for (const choice of container.querySelectorAll('div.dms-input[tabindex]')) {
      if (choice.getAttribute('role') === 'button') continue;
      choice.setAttribute('role', 'button');
      choice.setAttribute('aria-haspopup', 'listbox');
    }
  };
  new MutationObserver(name).observe(container, { childList: true, subtree: true });
  name();
}

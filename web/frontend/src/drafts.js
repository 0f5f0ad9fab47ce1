// Half a form is kept by itself a moment after the last key.
const WAIT_MS = 1500;

export function watchDrafts(root) {
  for (const form of root.querySelectorAll('form[data-draft]')) {
    const state = form.querySelector('[data-draft-state]');
    let timer;
    let isSending = false;
    const keep = async () => {
      if (isSending) return;
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      const answer = await fetch(form.dataset.draft, {
        method: 'POST',
        body,
        headers: { 'X-CSRF-Token': document.querySelector('meta[name="csrf-token"]').content },
      }).catch(() => null);
      if (answer?.ok) state.textContent = state.dataset.kept;
    };
    form.addEventListener('input', () => {
      clearTimeout(timer);
      state.textContent = '';
      timer = setTimeout(keep, WAIT_MS);
    });
    form.addEventListener('submit', () => { isSending = true; clearTimeout(timer); });
  }
}

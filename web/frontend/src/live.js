// The server tells an open page at once what is new: counts at the head, and the newest notice as a quiet line.
// Without a stream the page asks for its counts every minute, as it does anyway (top.html).
const FIRST_WAIT_MS = 1000; // Whoever leafs through pages quickly opens no streams.
const MOST_WAIT_MS = 60_000;
const SHOWN_MS = 12_000;

function draw(head, html) {
  const held = head.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  head.innerHTML = html;
  if (held) head.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
}

function show(region, { key, subject }) {
  const line = document.getElementById('live-line').content.firstElementChild.cloneNode(true);
  const link = line.querySelector('a');
  // The key stands in the query too: on the page of notices itself the link must load it anew.
  link.href = `${link.getAttribute('href')}?at=${key}#notice-${key}`;
  line.querySelector('[data-subject]').textContent = subject;
  line.querySelector('button').addEventListener('click', () => line.remove());
  region.replaceChildren(line);
  const fade = () => {
    // Nobody who is reading it, or about to follow it, loses it.
    if (line.matches(':hover, :focus-within')) setTimeout(fade, SHOWN_MS / 4);
    else line.remove();
  };
  setTimeout(fade, SHOWN_MS);
}

export function watchLive() {
  const region = document.querySelector('[data-live]');
  const head = document.querySelector('.head-counts');
  if (!region || !head) return;
  let unread = Number(region.dataset.unread);
  let wait = FIRST_WAIT_MS;
  let source;
  let timer;

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    const openedAt = Date.now();
    source = new EventSource(`${region.dataset.live}?unread=${unread}`);
    source.addEventListener('counts', (event) => {
      const counts = JSON.parse(event.data);
      unread = counts.unread;
      draw(head, counts.html);
    });
    source.addEventListener('notice', (event) => show(region, JSON.parse(event.data)));
    source.addEventListener('error', () => {
      // Only a stream that lasted makes the next one come soon: a server without room is left in peace.
      if (Date.now() - openedAt > MOST_WAIT_MS) wait = FIRST_WAIT_MS;
      close();
      later();
    });
  };
  const later = () => {
    // Not all pages at once, when a server has stopped.
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, MOST_WAIT_MS);
  };
  const look = () => {
    close();
    if (document.hidden) return;
    wait = FIRST_WAIT_MS;
    later();
  };
  document.addEventListener('visibilitychange', look);
  look();
}

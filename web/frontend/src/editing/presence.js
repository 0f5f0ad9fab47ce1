// Who else has this procedure open, and whether somebody has changed the file that is on the screen.
import { ask } from './server.js';

const EVERY_MS = 10_000;

/** Calls `tell({present, files, is_open})` at once and every ten seconds while the page is looked at; the answer looks again. */
export function watchPresence(address, path, tell) {
  async function look() {
    if (document.visibilityState === 'hidden') return;
    try {
      tell(await ask(address, { method: 'POST', data: { path } }));
    } catch {
      // The next look tells; saving says itself when the server is away.
    }
  }
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener('visibilitychange', look);
  return look;
}

// Keeps each change on the server shortly after it was made; nothing is lost when that fails.
//
// What could not be saved stays in this browser under `huiyin:<file's address>` and is offered when the page opens
// again. A change of somebody else is never overwritten: the server answers 409, and saving stops until the person
// has taken over that one's version.
import { NotDone, ask } from './server.js';

const PAUSE_MS = 1500;
const RETRY_MS = [3000, 10000, 30000];

/** What an earlier visit could not save: {text, seen, base, at}, or null. Browsers without storage keep nothing. */
export function keptBefore(address) {
  try {
    return JSON.parse(localStorage.getItem(`huiyin:${address}`));
  } catch {
    return null;
  }
}

function keep(address, facts) {
  try {
    localStorage.setItem(`huiyin:${address}`, JSON.stringify({ ...facts, at: new Date().toISOString() }));
  } catch {
    // No room: the page still holds the change, and asks before it is closed.
  }
}

export function forget(address) {
  try {
    localStorage.removeItem(`huiyin:${address}`);
  } catch {
    // Nothing was kept.
  }
}

/**
 * Saves what `readText()` gives after each `changed()`. Tells `tell(state, facts)`: saving; saved {at};
 * failed {status, message}; conflict {by, at, message}; overtaken: changed
 * after a conflict, and not saved.
 */
export class Saving {
  constructor({ address, seen, base, readText, tell }) {
    Object.assign(this, { address, seen, base, readText, tell });
    this.isChanged = false;
    this.isStopped = false;
    this.failures = 0;
    this.running = null;
    window.addEventListener('beforeunload', (event) => {
      if (this.isChanged) event.preventDefault();
    });
    // A phone may end a page in the background without a word.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.isChanged) this.now();
    });
    window.addEventListener('online', () => this.isChanged && this.now());
  }

  changed() {
    this.isChanged = true;
    if (this.isStopped) {
      this.tell('overtaken', {});
      return;
    }
    this.tell('changed', {});
    this.#after(PAUSE_MS);
  }

  /** Saves at once and resolves when all that was changed until then is saved or has failed. */
  async now() {
    clearTimeout(this.timer);
    await this.running;
    if (!this.isChanged || this.isStopped) return;
    this.running = this.#save().finally(() => { this.running = null; });
    await this.running;
  }

  /** Takes `revision` of version `base` as the one on the screen; what was changed before is given up. */
  restart(revision, base) {
    clearTimeout(this.timer);
    Object.assign(this, { seen: revision, base, isChanged: false, isStopped: false, failures: 0 });
    forget(this.address);
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  #after(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), milliseconds);
  }

  async #save() {
    this.tell('saving', {});
    let text;
    try {
      text = await this.readText();
      this.isChanged = false; // What is changed from here on is saved next.
      keep(this.address, { text, seen: this.seen, base: this.base });
      const { revision } = await ask(this.address, { method: 'PUT', data: { text, seen: this.seen, base: this.base } });
      this.seen = revision;
      this.failures = 0;
      if (!this.isChanged) forget(this.address);
      this.tell('saved', { at: new Date() });
    } catch (problem) {
      this.isChanged = true;
      if (!(problem instanceof NotDone)) {
        this.tell('failed', { status: -1, message: problem.message });
      } else if (problem.status === 409) {
        this.stop();
        const { by, name = by, at } = problem.told.details ?? {};
        this.tell('conflict', { by: name, at, message: problem.told.message });
      } else {
        this.tell('failed', { status: problem.status, message: problem.told.message });
        this.#after(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
      }
    }
  }
}

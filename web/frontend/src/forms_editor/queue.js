// Changes one after the other: each is made on the revision that the one before it left.
import { NotDone } from '../editing/server.js';

export class Queue {
  constructor({ run }) {
    this.run = run;
    this.waiting = [];
    this.isBusy = false;
    window.addEventListener('beforeunload', (event) => {
      if (this.isBusy) event.preventDefault();
    });
  }

  add(job) {
    this.waiting.push(job);
    this.#next();
  }

  forget() {
    this.waiting = [];
  }

  async #next() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.waiting.length) await this.run(this.waiting.shift());
    } finally {
      this.isBusy = false;
    }
  }
}

/** Sends a form as a browser would, and takes JSON back. Raises NotDone. */
export async function send(address, data) {
  let answer;
  try {
    answer = await fetch(address, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-CSRF-Token': document.querySelector('meta[name="csrf-token"]')?.content ?? '' },
      body: new URLSearchParams(data),
    });
  } catch {
    throw new NotDone(0);
  }
  const told = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
  if (!answer.ok) throw new NotDone(answer.status, told);
  return told;
}

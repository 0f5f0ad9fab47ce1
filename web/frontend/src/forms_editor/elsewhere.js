// What the check of the whole procedure says once the form has changed: a variable that nobody fills in any more, say.
import { NotDone, ask } from '../editing/server.js';
import { sign } from '../editing/signs.js';

const PAUSE_MS = 800;

export class Elsewhere {
  constructor(facts) {
    Object.assign(this, facts);
    this.turn = 0;
    this.nothing = this.list.dataset.nothing;
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  async now() {
    const turn = ++this.turn;
    try {
      const { findings } = await ask(this.address, { method: 'POST', data: { files: {} } });
      if (turn === this.turn) this.#show(findings.filter((one) => one.rule !== 'form' && (one.file === this.path || one.severity === 'error')));
    } catch (problem) {
      if (!(problem instanceof NotDone)) throw problem; // The next change asks again.
    }
  }

  #show(findings) {
    if (!findings.length) {
      const nothing = document.createElement('p');
      nothing.className = 'quiet';
      nothing.textContent = this.nothing;
      this.list.replaceChildren(nothing);
      return;
    }
    const lines = document.createElement('ul');
    lines.className = 'table-findings';
    for (const finding of findings) {
      const line = document.createElement('li');
      line.className = `table-finding severity-${finding.severity}`;
      const kind = document.createElement('strong');
      kind.append(sign(finding.severity), this.words[finding.severity]);
      const place = finding.file === this.path ? '' : ` ${finding.file} · ${finding.element_name ?? finding.element_id ?? ''}：`;
      line.append(kind, place, ' ', finding.says[this.locale] ?? finding.says.zh);
      lines.append(line);
    }
    this.list.replaceChildren(lines);
  }
}

// What the server says of the table as it stands on the screen: findings with a jump to the row, and the tried row.
import { NotDone, ask } from '../editing/server.js';
import { sign } from '../editing/signs.js';

const PAUSE_MS = 350;
const RANK = { error: 0, warning: 1, advice: 2 };
// These come with the rows that they name; the check of the whole family would only say them again.
const OWN = new Set(['table-overlap', 'table-gap', 'table-unreachable', 'table-masked', 'table-too-large', 'table-unread', 'unreadable']);

export class Examination {
  constructor(facts) {
    Object.assign(this, facts);
    this.turn = 0;
    this.answer = null;
    this.family = [];
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  async now() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    try {
      const text = await this.readText();
      const data = { text, decision: this.decision(), row: this.row() };
      const answer = await ask(this.address, { method: 'POST', data });
      if (turn !== this.turn) return; // A later question is under way.
      this.answer = answer;
      this.#show();
      this.told(answer);
      if (text === this.checked || !this.findings) return;
      const { findings } = await ask(this.findings, { method: 'POST', data: { files: { [this.path]: text } } });
      if (turn !== this.turn) return;
      this.checked = text;
      this.family = findings.filter((one) => !OWN.has(one.rule) && (one.file === this.path || one.rule.startsWith('table-')));
      this.#show();
    } catch (problem) {
      if (!(problem instanceof NotDone)) throw problem;
      if (turn === this.turn) this.count.textContent = '?';
    }
  }

  #show() {
    const { refused, findings } = this.answer;
    const own = refused ? [{ severity: 'error', says: refused, rows: [], decision: null }] : findings;
    this.#tellChanges(this.answer.changes);
    const all = [...own, ...this.family.map((one) => ({ ...one, rows: [] }))];
    all.sort((one, other) => RANK[one.severity] - RANK[other.severity]);
    this.count.textContent = String(all.filter((one) => one.severity !== 'advice').length);
    const isSame = JSON.stringify(all) === this.shown;
    this.editor.mark('wrong', own.filter((one) => one.decision === this.decision()).flatMap((one) => one.rows.map((row) => row.id)));
    if (isSame) return; // Whoever reads the list keeps the place in it.
    this.shown = JSON.stringify(all);
    if (!all.length) {
      const nothing = document.createElement('p');
      nothing.className = 'quiet';
      nothing.textContent = this.words.no_findings;
      this.list.replaceChildren(nothing);
      return;
    }
    const lines = document.createElement('ul');
    lines.className = 'table-findings';
    lines.append(...all.map((one) => this.#line(one)));
    this.list.replaceChildren(lines);
  }

  #tellChanges(changes) {
    if (this.answer.refused) return; // It can be compared again once it can be read.
    const said = changes.length ? changes.map((one) => one[this.locale]) : [this.changes.dataset.nothing];
    this.changes.replaceChildren(...said.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  }

  #line(finding) {
    const line = document.createElement('li');
    line.className = `table-finding severity-${finding.severity}`;
    const kind = document.createElement('strong');
    kind.append(sign(finding.severity), this.words[finding.severity]);
    line.append(kind, ' ', finding.says[this.locale] ?? finding.says.zh);
    if (finding.file && finding.file !== this.path) line.append(` (${finding.file})`);
    for (const row of finding.rows) line.append(' ', rowButton(row, finding.decision, this.words, this.jump));
    return line;
  }
}

/** A button that puts the cursor into a rule. */
export function rowButton(row, decision, words, jump) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-sm btn-outline-secondary';
  button.textContent = words.to_row.replace('{number}', row.number);
  button.addEventListener('click', () => jump({ decision, id: row.id }));
  return button;
}

// What the server's check says about the drawing as it stands: signs on the elements, and a list in words.
import { NotDone, ask } from '../editing/server.js';
import { goTo } from './canvas.js';
import { sign } from '../editing/signs.js';

const PAUSE_MS = 700;
const RANK = { error: 0, warning: 1, advice: 2 };
const WORDS = { error: 'Error', warning: 'Warning', advice: 'Advice' };

const worst = (findings) => findings.map((one) => one.severity).sort((a, b) => RANK[a] - RANK[b])[0];

/** Findings of one file by element id, which the step list shows too. */
export function byElement(findings, path) {
  const found = new Map();
  for (const one of findings) {
    if (one.file === path && one.element_id) found.set(one.element_id, [...(found.get(one.element_id) ?? []), one]);
  }
  return found;
}

export class Findings {
  constructor({ modeler, address, path, locale, translate, list, readText, diagramAddress, tell }) {
    Object.assign(this, { modeler, address, path, locale, translate, list, readText, diagramAddress, tell });
    this.findings = [];
    this.turn = 0;
  }

  /** Asks the server shortly after the last of several changes. */
  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  async now() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    try {
      const text = await this.readText();
      const told = await ask(this.address, { method: 'POST', data: { files: { [this.path]: text } } });
      if (turn !== this.turn) return; // A later question is under way.
      this.#show(told.findings);
    } catch (problem) {
      if (turn !== this.turn) return;
      if (!(problem instanceof NotDone)) throw problem;
      this.tell(null);
    }
  }

  #show(findings) {
    this.findings = [...findings].sort((a, b) => (a.file !== this.path) - (b.file !== this.path) || RANK[a.severity] - RANK[b.severity]);
    this.modeler.get('eventBus').fire('huiyin.findings', { findings: this.findings });
    this.#mark();
    this.#write();
    this.tell(this.findings);
  }

  #mark() {
    const overlays = this.modeler.get('overlays');
    const registry = this.modeler.get('elementRegistry');
    overlays.remove({ type: 'huiyin-finding' });
    for (const [id, found] of byElement(this.findings, this.path)) {
      const element = registry.get(id);
      if (!element || element === this.modeler.get('canvas').getRootElement()) continue;
      const severity = worst(found);
      const badge = document.createElement('button');
      badge.type = 'button';
      badge.className = `finding-badge finding-${severity}`;
      badge.append(sign(severity), String(found.length));
      badge.title = found.map((one) => one.says[this.locale]).join('\n');
      badge.setAttribute('aria-label', this.translate('{count} findings: {says}', { count: found.length, says: badge.title }));
      badge.addEventListener('click', () => this.#open(id));
      const right = element.waypoints ? {} : { position: { top: -12, right: 12 } };
      overlays.add(id, 'huiyin-finding', { position: { top: -12, left: -12 }, ...right, html: badge });
    }
  }

  #open(id) {
    goTo(this.modeler, id);
    this.onOpen?.();
    const line = this.list.querySelector(`[data-element="${CSS.escape(id)}"] .finding-jump`);
    line?.focus();
    line?.scrollIntoView({ block: 'nearest' });
  }

  #write() {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.line : null;
    if (!this.findings.length) {
      const nothing = document.createElement('p');
      nothing.className = 'quiet';
      nothing.textContent = this.translate('Nothing to mend: this procedure could go live as it stands.');
      this.list.replaceChildren(nothing);
      return;
    }
    const lines = document.createElement('ul');
    lines.className = 'finding-lines';
    lines.append(...this.findings.map((finding, number) => this.#line(finding, number)));
    this.list.replaceChildren(lines);
    if (focused) this.list.querySelector(`[data-line="${focused}"]`)?.focus();
  }

  #line(finding, number) {
    const { translate, locale } = this;
    const line = document.createElement('li');
    line.className = `finding-line finding-${finding.severity}`;
    if (finding.file === this.path) line.dataset.element = finding.element_id ?? '';
    const kind = document.createElement('span');
    kind.className = 'finding-kind';
    kind.append(sign(finding.severity), translate(WORDS[finding.severity] ?? 'Advice'));
    line.append(kind, this.#place(finding, number));
    const says = document.createElement('span');
    says.className = 'finding-says';
    says.textContent = finding.says[locale] ?? finding.says.zh;
    line.append(says);
    const fixes = finding.file === this.path && this.modeler.get('huiyinFixes', false);
    for (const fix of fixes ? finding.fixes ?? [] : []) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-sm btn-outline-primary';
      button.textContent = fix.says?.[locale] ?? translate('Fix this');
      button.addEventListener('click', () => fixes.applyFix(fix, finding));
      line.append(button);
    }
    return line;
  }

  // A button that jumps, a link when the place is in another file, or plain words.
  #place(finding, number) {
    const name = finding.element_name || finding.element_id || finding.file;
    const isHere = finding.file === this.path && this.modeler.get('elementRegistry').get(finding.element_id ?? '');
    const isOtherDiagram = finding.file !== this.path && finding.file.endsWith('.bpmn');
    const place = document.createElement(isHere ? 'button' : isOtherDiagram ? 'a' : 'span');
    place.className = 'finding-jump';
    place.dataset.line = String(number);
    if (isHere) {
      place.type = 'button';
      place.addEventListener('click', () => {
        goTo(this.modeler, finding.element_id);
        place.focus(); // Selecting moves the focus to the drawing; whoever reads the list stays in it.
      });
    } else if (isOtherDiagram) {
      place.href = this.diagramAddress(finding.file, finding.element_id);
    }
    place.textContent = finding.file === this.path ? name : `${finding.file} · ${name}`;
    return place;
  }
}

// The page of one diagram: draws it, keeps what is changed, says what would go wrong. Read `canvas.js` first.
import '../css/modeler.css';
import { NotDone, ask } from '../editing/server.js';
import { translator } from './translate.js';
import { goTo, makeCanvas, showWhole } from './canvas.js';
import { Saving, forget, keptBefore } from '../editing/saving.js';
import { Findings, byElement } from './findings.js';
import { Steps } from './steps.js';
import { watchPresence } from '../editing/presence.js';
import { watchSimulation } from './simulation.js';
import { Bar, download, momentOf } from '../editing/bars.js';
import { watchTools } from './tools.js';
import { PANEL_WORDS, additionalModules as panelModules } from './panel/index.js';
import { additionalModules as blockModules } from './blocks/index.js';
import { additionalModules as fixModules } from './fixes.js';

class Page {
  constructor(place) {
    this.place = place;
    this.data = place.dataset;
    this.path = place.dataset.path;
    this.translate = translator(place.dataset.locale, { zh: PANEL_WORDS });
    this.bar = new Bar(this.part('notice'));
    this.status = this.part('status');
  }

  part(name) {
    return this.place.querySelector(`[data-part="${name}"]`);
  }

  async open() {
    const { data, translate } = this;
    const catalogRead = ask(data.catalog).catch(() => ({}));
    let file;
    try {
      file = await ask(data.file);
    } catch (problem) {
      if (!(problem instanceof NotDone)) throw problem;
      this.status.textContent = problem.told.message ?? translate('The diagram could not be read. Load the page again.');
      return;
    }
    this.canEdit = file.can_edit && data.edit === 'true';
    this.place.classList.toggle('is-read-only', !this.canEdit);
    this.catalog = await catalogRead;
    this.modeler = makeCanvas({
      container: this.part('canvas'),
      panel: this.part('panel'),
      canEdit: this.canEdit,
      translate,
      facts: { locale: data.locale, path: this.path, catalog: this.catalog },
      modules: [...panelModules, ...blockModules, ...fixModules],
    });
    if (!(await this.#draw(file.text))) return;
    this.#wire(file);
    performance.mark('huiyin-modeler-ready');
    this.place.dataset.ready = 'true';
  }

  async readText() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  async #draw(text) {
    try {
      const { warnings } = await this.modeler.importXML(text);
      // Attributes that are not known are kept as they are; the check says what they are worth.
      const lost = warnings.filter((one) => !one.message.startsWith('unknown attribute'));
      if (lost.length) this.#tellUnread(lost);
    } catch (problem) {
      this.status.textContent = this.translate('This file cannot be drawn: {message}', { message: problem.message });
      return false;
    }
    showWhole(this.modeler);
    return true;
  }

  // What the modeler does not understand it would leave out when it saves: said before anything is changed.
  #tellUnread(warnings) {
    this.bar.show('warning', this.translate('{count} places of this file are not understood and would be lost by a change here: {first}', {
      count: warnings.length,
      first: warnings[0].message.split('\n')[0],
    }), [[this.translate('Close'), () => this.bar.hide()]]);
  }

  #wire(file) {
    const { modeler, translate, data } = this;
    this.steps = new Steps({ modeler, body: this.part('steps'), catalog: this.catalog, locale: data.locale, translate });
    this.findings = new Findings({
      modeler, translate,
      address: data.findings,
      path: this.path,
      locale: data.locale,
      list: this.part('findings'),
      readText: () => this.readText(),
      diagramAddress: (path, element) => data.diagram.replace('PATH', path.split('/').map(encodeURIComponent).join('/')) + (element ? `#${encodeURIComponent(element)}` : ''),
      tell: (found) => this.#tellFindings(found),
    });
    this.findings.onOpen = () => this.tools.open('findings');
    this.tools = watchTools({ page: this, translate });
    this.steps.show();
    if (this.canEdit) this.#watchChanges(file);
    else this.status.textContent = translate('Read only');
    if (this.canEdit) this.findings.now();
    watchSimulation({
      modeler, translate,
      container: this.part('canvas'),
      button: this.part('simulate'),
      tell: (isRunning) => {
        this.place.classList.toggle('is-simulating', isRunning);
        this.part('panel').inert = isRunning;
        this.part('below').inert = isRunning;
      },
    });
    if (this.canEdit) this.look = watchPresence(data.presence, this.path, (told) => this.#tellPresence(told));
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked) goTo(modeler, asked);
  }

  #watchChanges(file) {
    const { modeler, data, translate } = this;
    this.saving = new Saving({
      address: data.file,
      seen: file.revision,
      base: file.base,
      readText: () => this.readText(),
      tell: (state, facts) => this.#tellSaving(state, facts),
    });
    this.status.textContent = translate('No change yet');
    if (file.edited_by) this.#tellSaved(file.edited_at, file.edited_by);
    modeler.on('commandStack.changed', () => {
      if (!modeler.get('commandStack').canUndo() && !modeler.get('commandStack').canRedo()) return; // After an import.
      this.saving.changed();
      this.findings.changed();
      this.steps.show();
    });
    this.#saveBeforeLeaving();
    this.#offerKept(file);
  }

  // A link or Ctrl+S right after a change: the change goes first, and the browser has no reason to ask.
  #saveBeforeLeaving() {
    document.addEventListener('click', async (event) => {
      const link = event.target.closest?.('a[href]');
      if (!link || !this.saving.isChanged || event.ctrlKey || event.metaKey || event.shiftKey || link.download || link.target) return;
      event.preventDefault();
      await this.saving.now();
      location.assign(link.href);
    });
    this.place.addEventListener('keydown', (event) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.saving.now();
    });
  }

  /** Shows `text` for the server's `file`; what was on the screen is given up. */
  async take(text, file) {
    this.bar.hide();
    this.saving.restart(file.revision, file.base);
    await this.#draw(text);
    this.steps.show();
    this.findings.now();
  }

  #offerKept(file) {
    const kept = keptBefore(this.data.file);
    if (!kept || kept.text === file.text) return forget(this.data.file);
    const { translate } = this;
    const at = momentOf(kept.at, this.data.locale);
    const away = [translate('Throw it away'), () => { forget(this.data.file); this.bar.hide(); }];
    const keepCopy = [translate('Download mine'), () => download(this.path, kept.text)];
    if (kept.seen !== file.revision || kept.base !== file.base) {
      this.bar.show('warning', translate('Your change of {at} was not saved, and the diagram has been changed since: it can be downloaded, not put in its place.', { at }), [keepCopy, away]);
      return;
    }
    this.bar.show('warning', translate('Your change of {at} was not saved. This browser has kept it.', { at }), [
      [translate('Take it up again'), async () => {
        await this.take(kept.text, file);
        this.saving.changed();
      }],
      keepCopy,
      away,
    ]);
  }

  #tellSaving(state, facts) {
    const { translate } = this;
    if (state === 'overtaken') {
      this.#tellConflict(this.conflict);
      return;
    }
    this.status.dataset.state = state;
    if (state === 'saving') this.status.textContent = translate('Saving…');
    else if (state === 'changed') this.status.textContent = translate('Changed');
    else if (state === 'saved') {
      this.#tellSaved(facts.at, null);
      if (!this.isCopyOpen) this.look(); // The first change opens the working copy: from now on others see us.
    } else if (state === 'conflict') this.#tellConflict(facts);
    else this.status.textContent = translate('Not saved: {reason}', { reason: this.#reason(facts) });
  }

  #reason({ status, message }) {
    const { translate } = this;
    if (status === 0) return translate('the server cannot be reached. This browser keeps your change and tries again.');
    if (status === 401) return translate('you are signed out. Sign in in another window and load this page again; this browser keeps your change.');
    return message || translate('the server refused it ({status}). This browser keeps your change.', { status });
  }

  #tellSaved(at, by) {
    this.status.dataset.state = 'saved';
    const words = { at: momentOf(at, this.data.locale), name: by ?? '' };
    this.status.textContent = by ? this.translate('Saved {at} by {name}', words) : this.translate('Saved {at}', words);
  }

  #tellConflict(conflict) {
    const { translate } = this;
    const { by, at, message } = conflict;
    this.conflict = conflict;
    this.saving.stop();
    this.status.dataset.state = 'conflict';
    this.status.textContent = translate('Not saved: {reason}', { reason: translate('somebody else changed this diagram') });
    const said = by ? translate('{name} changed this diagram at {at}.', { name: by, at: momentOf(at, this.data.locale) }) : message;
    const acts = [[translate('Load theirs'), () => this.#loadTheirs()]];
    if (this.saving.isChanged) {
      acts[0][0] = translate('Load theirs and give up mine');
      acts.push([translate('Download mine'), async () => download(this.path, await this.readText())]);
    }
    this.bar.show('danger', said, acts);
  }

  async #loadTheirs() {
    try {
      const file = await ask(this.data.file);
      await this.take(file.text, file);
      this.#tellSaved(file.edited_at, file.edited_by);
    } catch (problem) {
      if (!(problem instanceof NotDone)) throw problem;
      this.status.textContent = this.translate('The diagram could not be read. Load the page again.');
    }
  }

  #tellPresence({ present, files, is_open: isOpen }) {
    this.isCopyOpen = isOpen;
    const names = present.map((one) => (one.path === this.path ? this.translate('{name} (here)', { name: one.name }) : one.name));
    this.part('present').textContent = names.length ? this.translate('Also at work: {names}', { names: names.join('、') }) : '';
    const newest = files[this.path];
    if (!this.saving || this.saving.isStopped || this.saving.running || !newest || newest.revision <= this.saving.seen) return;
    this.#tellConflict(newest);
  }

  #tellFindings(found) {
    const count = this.part('finding-count');
    if (!found) {
      count.textContent = '?';
      count.title = this.translate('The check could not be asked.');
      return;
    }
    count.title = '';
    count.textContent = String(found.length);
    count.dataset.worst = found.some((one) => one.severity === 'error') ? 'error' : found.length ? 'warning' : 'none';
    this.steps.show(byElement(found, this.path));
  }
}

for (const place of document.querySelectorAll('[data-modeler]')) new Page(place).open();

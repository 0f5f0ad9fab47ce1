// One file of a working copy on the screen: saved as it is changed, kept when that fails, and seen by the other owners.
import { ask } from './server.js';
import { momentOf } from './bars.js';
import { Saving, forget, keptBefore } from './saving.js';
import { watchPresence } from './presence.js';

/**
 * The Saving of `file`, which the page shows already. `show(text)` puts another text on the screen, `saved()` is called
 * after each save; the parts `status` and `present` of `place` say how it stands and who else is here.
 */
export function keepOneFile({ place, file, bar, words, readText, show, saved = () => {} }) {
  const part = (name) => place.querySelector(`[data-part="${name}"]`);
  const { path, locale, file: address, presence } = place.dataset;
  const status = part('status');

  const saving = new Saving({
    address,
    seen: file.revision,
    base: file.base,
    readText,
    tell(state, facts) {
      status.textContent = {
        changed: () => words.changed,
        saving: () => words.saving,
        saved: () => words.saved.replace('{at}', momentOf(facts.at, locale)),
        failed: () => words.failed.replace('{why}', facts.message ?? ''),
        conflict: () => words.conflict,
        overtaken: () => words.conflict,
      }[state]();
      status.dataset.state = state;
      if (state === 'saved') saved();
      if (state === 'conflict') bar.show('conflict', facts.message ?? words.conflict, [[words.theirs, load]]);
    },
  });

  async function load() {
    const newest = await ask(address);
    saving.restart(newest.revision, newest.base);
    bar.hide();
    await show(newest.text);
    status.textContent = '';
  }

  offerKept({
    bar, address, file, words, locale,
    async take(text) {
      await show(text);
      saving.changed();
    },
  });
  watchPresence(presence, path, ({ present, files }) => {
    const here = present.filter((one) => one.path === path).map((one) => one.name);
    part('present').textContent = here.length ? words.present.replace('{names}', here.join('、')) : '';
    const newest = files[path];
    if (newest && !newest.is_own && newest.revision > saving.seen && !saving.isStopped && !saving.isChanged) {
      bar.show('news', words.newer, [[words.theirs, load]]);
    }
  });
  return saving;
}

// What an earlier visit could not save. It is only taken up on the file that it was changed on.
function offerKept({ bar, address, file, words, locale, take }) {
  const kept = keptBefore(address);
  if (!kept || kept.text === file.text) return;
  const isSame = kept.seen === file.revision && kept.base === file.base;
  const says = (isSame ? words.kept : words.kept_old).replace('{at}', momentOf(kept.at, locale));
  const takeUp = [words.take_up, () => { bar.hide(); take(kept.text); }];
  const giveUp = [words.give_up, () => { forget(address); bar.hide(); }];
  bar.show('news', says, isSame ? [takeUp, giveUp] : [giveUp]);
}

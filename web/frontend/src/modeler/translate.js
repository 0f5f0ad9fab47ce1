// Words of the modeler in the reader's language. What the dictionary lacks is shown as it is and kept in
// `window.huiyinMissingStrings`, which a test reads: a page half in English must not go out unnoticed.
import community from 'bpmn-js-i18n/translations/zn.js';
import { OWN_WORDS } from './words_zh.js';

const DICTIONARIES = { zh: { ...community, ...OWN_WORDS }, en: {} };
const missing = new Set();
window.huiyinMissingStrings = missing;

function filled(template, values) {
  return template.replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
}

/** A function from an English text, with `{places}`, to the text in `locale`. `extra`: words of other parts by locale. */
export function translator(locale, extra = {}) {
  const words = { ...extra[locale], ...DICTIONARIES[locale] };
  return function translate(text, values = {}) {
    if (locale !== 'en' && text && !Object.hasOwn(words, text)) missing.add(text);
    return filled(words[text] ?? text, values);
  };
}

/** The same as a module of bpmn-js, which asks for a service named `translate`. */
export function translateModule(translate) {
  return { translate: ['value', translate] };
}

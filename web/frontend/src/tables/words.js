// Words of the table editor. What the dictionary lacks is kept in `window.huiyinMissingStrings`, which a test reads.
import { WORDS_ZH } from './words_zh.js';

const missing = window.huiyinMissingStrings ?? new Set();
window.huiyinMissingStrings = missing;

export function translator(locale) {
  const words = locale === 'zh' ? WORDS_ZH : {};
  return function translate(text, values = {}) {
    if (locale === 'zh' && text && !Object.hasOwn(words, text)) missing.add(text);
    return (words[text] ?? text).replace(/{\s*(\w+)\s*}/g, (whole, name) => values[name] ?? whole);
  };
}

export function translateModule(translate) {
  return { translate: ['value', translate] };
}

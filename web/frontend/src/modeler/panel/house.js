// What the family offers to choose from, as the server's catalog tells it, in the reader's language.
export class House {
  static $inject = ['config.huiyin'];

  constructor(config) {
    this.config = config ?? {};
  }

  get catalog() {
    return this.config.catalog ?? {};
  }

  get locale() {
    return this.config.locale === 'en' ? 'en' : 'zh';
  }

  /** A list of the catalog; empty while there is none. */
  all(name) {
    return this.catalog[name] ?? [];
  }

  say(words) {
    return words?.[this.locale] || words?.zh || '';
  }

  role(key) {
    const found = this.all('roles').find((one) => one.key === key);
    return found ? this.say(found) || key : key;
  }

  /** What the profiles put in the place of the family's own role: 网点负责人、部门负责人. */
  profileRole(name) {
    const found = this.all('profile_roles').find((one) => one.name === name);
    const keys = new Set(Object.values(found?.profiles ?? {}).flatMap(({ value }) => value.split(',').map((one) => one.trim())));
    return [...keys].map((key) => this.role(key));
  }

  limit(name) {
    return this.all('limits').find((one) => one.name === name);
  }

  limitName(name) {
    const found = this.limit(name);
    return found ? this.say(found.text) || name : name;
  }

  topic(key) {
    return this.all('topics').find((one) => one.topic === key);
  }

  rule(id) {
    return this.all('register').find((one) => one.id === id);
  }

  /** The words of a rule; '' when the register does not have it. */
  ruleName(id) {
    const found = this.rule(id);
    return found ? this.say(found.says) || found.title : '';
  }

  /** The page of another file of the family: `area` is diagrams, tables, forms or profiles. */
  address(area, path) {
    const [family] = window.location.pathname.split('/diagrams/');
    return `${family}/${area}/${path.split('/').map(encodeURIComponent).join('/')}`;
  }
}

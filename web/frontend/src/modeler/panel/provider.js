// Which groups of fields an element has: what Huiyin executes, and nothing else.
import { generalGroups } from './general.js';
import { clockGroup, timerGroup } from './limits.js';
import { formGroup, peopleGroups } from './people.js';
import { workGroups } from './work.js';
import { eventGroups, flowGroup, repeatGroup } from './events.js';

export class ExecutedProperties {
  static $inject = ['propertiesPanel', 'translate', 'camundaValues', 'house'];

  constructor(propertiesPanel, translate, values, house) {
    Object.assign(this, { translate, values, house });
    propertiesPanel.registerProvider(500, this);
  }

  getGroups(element) {
    const here = { element, values: this.values, house: this.house, translate: this.translate };
    const [general, rules] = generalGroups(here);
    const groups = [
      general, ...peopleGroups(here), formGroup(here), ...workGroups(here), timerGroup(here), ...eventGroups(here),
      flowGroup(here), clockGroup(here), repeatGroup(here), rules,
    ];
    return () => groups.filter((one) => one?.entries.length).map((one) => ({ shouldOpen: true, ...one, label: this.translate(one.label) }));
  }
}

// New elements get ids that people can read and the check accepts: user_task_2 instead of Activity_0x3k2ab.
import { isTaken } from '../camunda_values.js';

const WORD = /(?<=[a-z])(?=[A-Z])/;

export class PlainIds {
  static $inject = ['bpmnFactory', 'moddle'];

  constructor(bpmnFactory, moddle) {
    const given = bpmnFactory._ensureId.bind(bpmnFactory);
    bpmnFactory._ensureId = (object) => {
      if (object.id || !bpmnFactory._needsId(object) || object.$type.startsWith('bpmndi:')) return given(object);
      const stem = object.$type.replace(/^bpmn:/, '').split(WORD).join('_').toLowerCase();
      let number = 1;
      while (isTaken(moddle, `${stem}_${number}`)) number += 1;
      object.id = `${stem}_${number}`;
      return moddle.ids.claim(object.id, object);
    };
  }
}

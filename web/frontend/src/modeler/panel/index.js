// The panel beside the drawing: the settings of the chosen element, in the owner's words.
//
// `additionalModules` for bpmn-js. Needs `propertiesPanel: {parent}` and `huiyin: {locale, catalog}` in its options, and
// a service `translate`; `words_zh.js` holds the Chinese for it.
import { BpmnPropertiesPanelModule } from 'bpmn-js-properties-panel';
import '../../css/properties.css';
import { CamundaValues } from '../camunda_values.js';
import { House } from './house.js';
import { PlainIds } from './plain_ids.js';
import { ExecutedProperties } from './provider.js';

export { PANEL_WORDS } from './words_zh.js';

export const additionalModules = [
  BpmnPropertiesPanelModule,
  {
    __init__: ['camundaValues', 'house', 'plainIds', 'executedProperties'],
    camundaValues: ['type', CamundaValues],
    house: ['type', House],
    plainIds: ['type', PlainIds],
    executedProperties: ['type', ExecutedProperties],
  },
];

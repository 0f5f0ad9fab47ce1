// What an element is called in plain words, in the reader's language.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

const EVENTS = {
  'bpmn:TimerEventDefinition': 'timer',
  'bpmn:MessageEventDefinition': 'message',
  'bpmn:ErrorEventDefinition': 'error',
  'bpmn:EscalationEventDefinition': 'escalation',
  'bpmn:SignalEventDefinition': 'signal',
  'bpmn:ConditionalEventDefinition': 'condition',
  'bpmn:CompensateEventDefinition': 'compensation',
  'bpmn:LinkEventDefinition': 'link',
  'bpmn:TerminateEventDefinition': 'terminate',
  'bpmn:CancelEventDefinition': 'cancel',
};
const PLACES = {
  'bpmn:StartEvent': 'Start',
  'bpmn:EndEvent': 'End',
  'bpmn:BoundaryEvent': 'On the step',
  'bpmn:IntermediateCatchEvent': 'Wait',
  'bpmn:IntermediateThrowEvent': 'Event',
};
const KINDS = {
  'bpmn:UserTask': 'Task of a person',
  'bpmn:ServiceTask': 'Automatic step',
  'bpmn:SendTask': 'Sends a message',
  'bpmn:ReceiveTask': 'Waits for a message',
  'bpmn:BusinessRuleTask': 'Decision table',
  'bpmn:ScriptTask': 'Calculation',
  'bpmn:ManualTask': 'Task outside the system',
  'bpmn:Task': 'Step without a kind',
  'bpmn:CallActivity': 'Another procedure',
  'bpmn:SubProcess': 'Group of steps',
  'bpmn:AdHocSubProcess': 'Group of steps',
  'bpmn:Transaction': 'Group of steps',
  'bpmn:ExclusiveGateway': 'One way of several',
  'bpmn:ParallelGateway': 'All ways at once',
  'bpmn:InclusiveGateway': 'Some ways of several',
  'bpmn:EventBasedGateway': 'What happens first',
  'bpmn:ComplexGateway': 'Complex gateway',
};

/** The element's kind in words, such as “On the step: timer”. */
export function kindOf(element, translate) {
  const thing = getBusinessObject(element);
  const place = PLACES[thing.$type];
  if (!place) return translate(KINDS[thing.$type] ?? 'Other');
  const event = thing.eventDefinitions?.find((one) => EVENTS[one.$type]);
  return event ? translate('{place}: {event}', { place: translate(place), event: translate(EVENTS[event.$type]) }) : translate(place);
}

// Makes room for a building block, so that it lies beside what is there and never over it.
import { selfAndAllChildren } from 'diagram-js/lib/util/Elements';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const overlap = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

/** Everything of the level on which `element` is drawn. */
function level(canvas, element) {
  const root = canvas.findRoot(element);
  return selfAndAllChildren(root, true).filter((one) => one !== root);
}

function isFrame(shape, element) {
  if (is(shape, 'bpmn:Lane')) return true;
  for (let around = element; around; around = around.parent) if (around === shape) return true;
  return false;
}

/** Moves what lies beyond `start` along the axis by `amount`; pools, lanes and sub-processes around it grow. */
export function makeRoom({ canvas, spaceTool }, element, axis, start, amount) {
  const { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(level(canvas, element), axis, amount, start);
  if (!movingShapes.length && !resizingShapes.length) return;
  spaceTool.makeSpace(movingShapes, resizingShapes, axis === 'x' ? { x: amount, y: 0 } : { x: 0, y: amount }, axis === 'x' ? 'e' : 's', start);
}

/** Makes room below `element` unless the box is free and lies within all frames around it. */
export function makeRoomBelow(services, element, box) {
  const shapes = level(services.canvas, element).filter((one) => !one.waypoints);
  const isHit = shapes.some((one) => !one.labelTarget && !isFrame(one, element) && one.host !== element && overlap(one, box));
  const frames = shapes.filter((one) => isFrame(one, element) && one !== element && overlap(one, element));
  const isOutside = frames.some((one) => !getBusinessObject(one).isHidden && box.y + box.height > one.y + one.height);
  if (isHit || isOutside) makeRoom(services, element, 'y', element.y + element.height + 25, box.height + box.y - element.y - element.height);
}

/** Where on the lower edge of `host` another event or flow has room, beside those that are there. */
export function placeOnEdge(host) {
  const bottom = host.y + host.height;
  const docked = [...host.incoming.map((one) => one.waypoints.at(-1)), ...host.outgoing.map((one) => one.waypoints[0])];
  const taken = [
    ...(host.attachers ?? []).map((one) => one.x + one.width / 2),
    ...docked.filter((one) => Math.abs(one.y - bottom) < 5).map((one) => one.x),
  ];
  const places = [0.75, 0.3, 0.5, 0.95, 0.1].map((share) => host.x + host.width * share);
  const nearest = (place) => Math.min(...taken.map((one) => Math.abs(one - place)));
  const x = places.find((place) => nearest(place) > 36) ?? places.sort((a, b) => nearest(b) - nearest(a))[0];
  return { x, y: bottom };
}

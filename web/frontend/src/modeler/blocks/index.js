// One-click building blocks, at the element's own tools and in the menu of what may follow (key `a`).
//
// `additionalModules` for bpmn-js, beside those of `panel/index.js`.
import { BuildingBlocks } from './building_blocks.js';

const BLOCKS = {
  deadline: { title: 'Deadline with warning and escalation', icon: 'bpmn-icon-intermediate-event-catch-non-interrupting-timer' },
  approval: { title: 'Approve by level', icon: 'bpmn-icon-business-rule' },
  question: { title: 'Ask the customer and pause the clock', icon: 'bpmn-icon-intermediate-event-catch-message' },
};

class BlocksInContextPad {
  static $inject = ['contextPad', 'buildingBlocks', 'translate'];

  constructor(contextPad, buildingBlocks, translate) {
    Object.assign(this, { buildingBlocks, translate });
    contextPad.registerProvider(500, this);
  }

  getContextPadEntries(element) {
    return Object.fromEntries(this.buildingBlocks.offered(element).map((block) => [`huiyin-${block}`, {
      group: 'huiyin-blocks',
      className: `${BLOCKS[block].icon} building-block`,
      title: this.translate(BLOCKS[block].title),
      action: { click: (_, target) => this.buildingBlocks.add(block, target) },
    }]));
  }
}

class BlocksInAppendMenu {
  static $inject = ['popupMenu', 'buildingBlocks', 'translate'];

  constructor(popupMenu, buildingBlocks, translate) {
    Object.assign(this, { buildingBlocks, translate, popupMenu });
    popupMenu.registerProvider('bpmn-append', 500, this);
  }

  getPopupMenuEntries(element) {
    const group = { id: 'huiyin-blocks', name: this.translate('Building blocks') };
    const own = Object.fromEntries(this.buildingBlocks.offered(element).map((block) => [`huiyin-${block}`, {
      label: this.translate(BLOCKS[block].title),
      className: BLOCKS[block].icon,
      group,
      action: () => {
        this.popupMenu.close();
        this.buildingBlocks.add(block, element);
      },
    }]));
    return (entries) => ({ ...own, ...entries });
  }
}

export const additionalModules = [
  {
    __init__: ['buildingBlocks', 'blocksInContextPad', 'blocksInAppendMenu'],
    buildingBlocks: ['type', BuildingBlocks],
    blocksInContextPad: ['type', BlocksInContextPad],
    blocksInAppendMenu: ['type', BlocksInAppendMenu],
  },
];

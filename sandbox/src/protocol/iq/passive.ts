import { nowSeconds } from '../../world/world.js';
import { fromServer } from '../delivery.js';
import { childOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** `<active/>` ends the login: the result first, then everything that waits for the device. */
export const answerPassiveIq: IqHandler = (core, sender, iq) => {
  if (childOf(iq, 'passive')) return [];
  if (!childOf(iq, 'active')) return undefined;
  const link = core.delivery.link(sender.key);
  if (!link || link.active) return [];
  // Turn end: the result is queued for sending by the caller before this runs.
  queueMicrotask(() => {
    const dirty = node('dirty', { type: 'account_sync', timestamp: String(nowSeconds()) });
    core.delivery.answer(link, fromServer(dirty));
    core.delivery.activate(link);
  });
  return [];
};

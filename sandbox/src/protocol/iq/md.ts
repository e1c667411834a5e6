import { forgetDevice } from '../devices.js';
import { IqFailure } from '../seam.js';
import { childOf } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** A device takes itself (or the phone takes a companion) off the account. */
export const answerMdIq: IqHandler = (core, sender, iq) => {
  const removal = childOf(iq, 'remove-companion-device');
  if (!removal) return undefined;
  const device = core.world.deviceOf(removal.attrs.jid);
  if (device?.phone !== sender.phone || device.index === 0) {
    throw new IqFailure(404, 'item-not-found');
  }
  // The result goes out first: a companion that logs out waits for it.
  queueMicrotask(() => forgetDevice(core, device));
  return [];
};

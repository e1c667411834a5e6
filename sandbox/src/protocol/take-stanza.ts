import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { parseJid } from '../world/jid.js';
import type { DeviceRecord } from '../world/world.js';
import type { Core } from './core.js';
import { answerIq } from './iq/dispatch.js';
import { routeMessage } from './messages.js';
import { relayChatState, takePresence } from './presence.js';
import { routeReceipt, takeAck } from './receipts.js';
import { node } from './stanza.js';

/** One stanza of a logged-in device, companion or phone. What nobody knows is ignored. */
export function takeStanza(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  switch (stanza.tag) {
    case 'iq':
      // Answers to iqs of the server's own need nothing done.
      if (stanza.attrs.type === 'result' || stanza.attrs.type === 'error') return;
      core.answer(sender, answerIq(core, sender, stanza));
      return;
    case 'message':
      routeMessage(core, sender, stanza);
      return;
    case 'receipt':
      routeReceipt(core, sender, stanza);
      return;
    case 'ack':
      takeAck(core, sender, stanza);
      return;
    case 'presence':
      takePresence(core, sender, stanza);
      return;
    case 'chatstate':
      relayChatState(core, sender, stanza);
      return;
    case 'notification':
      relayMediaRetry(core, sender, stanza);
      return;
    case 'call':
      relayCall(core, sender, stanza);
      return;
  }
}

/** A phone's answer to its companion that could not get a file. */
function relayMediaRetry(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const { to, ...attrs } = stanza.attrs;
  const companion = core.world.deviceOf(to);
  if (attrs.type !== 'mediaretry' || companion?.phone !== sender.phone) return;
  const from = core.world.userJid(sender.phone, 'pn');
  core.delivery.enqueue(companion.key, { ...stanza, attrs: { ...attrs, from } }, sender.key);
}

/** Calls are signalled, never connected: offer, reject, terminate go to the named account. */
function relayCall(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const { id, to } = stanza.attrs;
  const phone = core.world.accountOf(to)?.phone;
  if (phone) {
    const form = parseJid(to)?.server === 'lid' ? 'lid' : 'pn';
    const from = core.world.deviceJid(sender, form);
    const call = { ...stanza, attrs: { from, id: id ?? core.newId(), t: core.time() } };
    core.enqueueForAccount(phone, call, sender.key, sender.key);
  }
  core.answer(sender, node('ack', { class: 'call', id, from: to }));
}

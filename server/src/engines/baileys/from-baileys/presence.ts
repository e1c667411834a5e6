import { normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineEvent } from '../../engine-events.js';
import type { BaileysEventMap } from '../baileys.js';

/**
 * Typing and presence. rc14 reports the end of typing as "available" (`lib/Socket/chats.js`,
 * handlePresenceUpdate), so who was typing is remembered in `typing`, which belongs to the caller.
 */
export function presenceFromBaileys(
  update: BaileysEventMap['presence.update'],
  typing: Set<string>,
): EngineEvent[] {
  const chatJid = normalizeJid(update.id);
  return Object.entries(update.presences).flatMap(([participant, presence]): EngineEvent[] => {
    const senderJid = normalizeJid(participant);
    const who = `${chatJid} ${senderJid}`;
    const state = presence.lastKnownPresence;
    if (state === 'composing' || state === 'recording') {
      typing.add(who);
      return [{ type: 'chat-state', chatJid, senderJid, state }];
    }
    const events: EngineEvent[] = [];
    if (typing.delete(who)) {
      events.push({ type: 'chat-state', chatJid, senderJid, state: 'paused' });
    }
    if (chatJid === senderJid) {
      const lastSeen = presence.lastSeen ? presence.lastSeen * 1000 : undefined;
      events.push({
        type: 'presence',
        jid: senderJid,
        available: state !== 'unavailable',
        ...(lastSeen && { lastSeen }),
      });
    }
    return events;
  });
}

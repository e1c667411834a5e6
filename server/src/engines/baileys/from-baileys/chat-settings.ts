import { normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineChatSettings, EngineEvent } from '../../engine-events.js';
import { type BaileysEventMap, toNumber } from '../baileys.js';
import type { AliasOf } from './message.js';

type ChatUpdate = BaileysEventMap['chats.update'][number];

/** What the account's other devices changed about its chats and labels. */
export async function chatSettingsEvents(
  map: Partial<BaileysEventMap>,
  aliasOf: AliasOf,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  const chats: EngineChatSettings[] = [];
  for (const update of map['chats.update'] ?? []) {
    const settings = settingsOf(update);
    if (settings && update.id) chats.push({ ...(await named(update.id, aliasOf)), ...settings });
  }
  for (const id of map['chats.delete'] ?? []) {
    chats.push({ ...(await named(id, aliasOf)), deleted: true });
  }
  if (chats.length) events.push({ type: 'chat-settings', chats });
  const label = map['labels.edit'];
  if (label) {
    const { id, name, color, deleted } = label;
    events.push({ type: 'label', id, name: name ?? '', color: color ?? 0, deleted: !!deleted });
  }
  const labelled = map['labels.association'];
  if (labelled && !('messageId' in labelled.association)) {
    const { chatId, labelId } = labelled.association;
    const { jid, altJid } = await named(chatId, aliasOf);
    events.push({
      type: 'chat-label',
      labelId,
      chatJid: jid,
      ...(altJid && { chatAltJid: altJid }),
      on: labelled.type === 'add',
    });
  }
  return events;
}

/**
 * The settings in an update, which rc14 also uses for new messages and much else. It tells "read" by
 * no unread messages and "marked as unread" by -1 (`lib/Utils/chat-utils.js`, processSyncAction).
 */
function settingsOf(update: ChatUpdate): Omit<EngineChatSettings, 'jid'> | undefined {
  const { archived, unreadCount } = update;
  const settings: Omit<EngineChatSettings, 'jid'> = {
    ...(typeof archived === 'boolean' && { archived }),
    ...('pinned' in update && { pinned: Boolean(update.pinned) }),
    ...('muteEndTime' in update && { mutedUntil: mutedUntil(update) }),
    ...(unreadCount === -1 && { markedUnread: true }),
    ...(unreadCount === 0 && { markedUnread: false }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

function mutedUntil({ muteEndTime }: ChatUpdate): number | null {
  if (muteEndTime === null || muteEndTime === undefined) return null;
  const until = toNumber(muteEndTime);
  // Muted without an end, or for ever, as phones write it.
  return until > 0 ? until : -1;
}

async function named(id: string, aliasOf: AliasOf): Promise<{ jid: string; altJid?: string }> {
  const jid = normalizeJid(id);
  const altJid = await aliasOf(jid);
  return { jid, ...(altJid && { altJid }) };
}

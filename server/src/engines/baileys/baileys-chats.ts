import { isGroupJid, isPnJid } from '../../whatsapp/jid.js';
import type {
  ChatAbilities,
  ChatEnd,
  HistoryAbilities,
  LabelAbilities,
} from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { Ask, AskedConnection } from './abilities.js';
import type { ChatModification } from './baileys.js';

/** WhatsApp's word for "muted for ever". */
const FOR_EVER = -1;

/** Settings of chats, as encrypted entries of the app state that all devices of the account share. */
export class BaileysChats implements ChatAbilities {
  constructor(private readonly ask: Ask) {}

  setArchived(jid: string, archived: boolean, last?: ChatEnd): Promise<void> {
    return this.#modify(jid, (name) => ({ archive: archived, lastMessages: upTo(name, last) }));
  }

  setPinned(jid: string, pinned: boolean): Promise<void> {
    return this.#modify(jid, () => ({ pin: pinned }));
  }

  setMuted(jid: string, until: number | null): Promise<void> {
    return this.#modify(jid, () => ({ mute: until !== null && until < 0 ? FOR_EVER : until }));
  }

  setUnread(jid: string, unread: boolean, last?: ChatEnd): Promise<void> {
    return this.#modify(jid, (name) => ({ markRead: !unread, lastMessages: upTo(name, last) }));
  }

  delete(jid: string, last?: ChatEnd): Promise<void> {
    return this.#modify(jid, (name) => ({ delete: true, lastMessages: upTo(name, last) }));
  }

  #modify(jid: string, change: (name: string) => ChatModification): Promise<void> {
    return this.ask(async (connection) => {
      const name = await nameInAppState(connection, jid);
      await connection.sock.chatModify(change(name), name);
    });
  }
}

export class BaileysLabels implements LabelAbilities {
  constructor(private readonly ask: Ask) {}

  set({ id, name, color }: { id: string; name: string; color: number }): Promise<void> {
    return this.ask(({ sock }) => sock.addLabel('', { id, name, color, deleted: false }));
  }

  delete(id: string): Promise<void> {
    return this.ask(({ sock }) => sock.addLabel('', { id, deleted: true }));
  }

  setOnChat(labelId: string, chatJid: string, on: boolean): Promise<void> {
    return this.ask(async (connection) => {
      const jid = await nameInAppState(connection, chatJid);
      const { sock } = connection;
      await (on ? sock.addChatLabel(jid, labelId) : sock.removeChatLabel(jid, labelId));
    });
  }
}

/** Older messages than those that the phone handed over when the device was linked. */
export class BaileysHistory implements HistoryAbilities {
  constructor(private readonly ask: Ask) {}

  request(chatJid: string, oldest: ChatEnd, count: number): Promise<string> {
    return this.ask(async (connection) => {
      const [known] = upTo(await nameInAppState(connection, chatJid), oldest);
      if (!known) throw new EngineError('not-found', 'No message to go back from', true);
      return await connection.sock.fetchMessageHistory(count, known.key, oldest.timestamp);
    });
  }
}

/** Phones name people by LID there; an entry under another name would be a second one. */
async function nameInAppState({ view }: AskedConnection, jid: string): Promise<string> {
  return isPnJid(jid) ? ((await view.aliasOf(jid)) ?? jid) : jid;
}

function upTo(jid: string, last: ChatEnd | undefined) {
  if (!last) return [];
  const { id, fromMe, senderJid, timestamp } = last;
  const participant = isGroupJid(jid) && !fromMe ? senderJid : undefined;
  return [
    {
      key: { remoteJid: jid, id, fromMe, ...(participant && { participant }) },
      messageTimestamp: Math.floor(timestamp / 1000),
    },
  ];
}

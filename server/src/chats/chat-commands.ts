import type { ChangeChat, ChangeLabel, Chat } from '@patchbay/contract';
import { timerText } from '@patchbay/contract';
import type { SessionScope as Scope } from '../auth/principal.js';
import type { Database } from '../db/database.js';
import type { ChatEnd } from '../engines/engine-abilities.js';
import { ApiError } from '../http/api-error.js';
import type { Outbox } from '../outbox/outbox.js';
import type { SessionAbilities } from '../sessions/session-abilities.js';
import { isGroupJid } from '../whatsapp/jid.js';
import { chatJidOf } from './chat-address.js';
import type { ChatPages } from './chat-pages.js';
import type { ChatStore } from './chat-store.js';
import { IN_CONVERSATION } from './message-store.js';

/** Messages whose authors hear that they were read; more are marked by the chat as a whole. */
const READ_AT_ONCE = 500;

/**
 * What one can do to a chat beside writing in it. It is done at WhatsApp first, so that the phone
 * shows it too, and then noted here.
 */
export class ChatCommands {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly pages: ChatPages,
    private readonly abilities: SessionAbilities,
    private readonly outbox: Outbox,
  ) {}

  async change(scope: Scope, chatId: string, change: ChangeChat): Promise<Chat> {
    const { archived, pinned, muted, mutedUntil, unread, ephemeralSeconds } = change;
    const until = muteEnd(muted, mutedUntil);
    const id = await this.find(scope, chatId);
    if (unread === false) await this.sendReadReceipts(scope, id);
    if (ephemeralSeconds !== undefined) await this.setTimer(scope, id, ephemeralSeconds);
    return await this.abilities.use(scope, 'chats', async (chats, told) => {
      const last = await this.lastMessage(scope.id, id);
      // One after another: what was done is told even when the next is refused.
      const done = (settings: object) =>
        told({ type: 'chat-settings', chats: [{ jid: id, ...settings }] });
      if (archived !== undefined) {
        await chats.setArchived(id, archived, last);
        // Phones unpin what they archive.
        await done({ archived, ...(archived && { pinned: false }) });
      }
      if (pinned !== undefined) {
        await chats.setPinned(id, pinned);
        await done({ pinned });
      }
      if (until !== undefined) {
        await chats.setMuted(id, until);
        await done({ mutedUntil: until });
      }
      if (unread !== undefined) {
        await chats.setUnread(id, unread, last);
        await done({ markedUnread: unread });
      }
      return await this.pages.get(scope.id, id);
    });
  }

  /** Of a group it is a setting; to a person it is said by a message, which goes through the outbox. */
  private async setTimer(scope: Scope, id: string, seconds: number): Promise<void> {
    if (isGroupJid(id)) {
      return await this.abilities.use(scope, 'groups', async (groups, told) => {
        await groups.setEphemeral(id, seconds);
        const change = { ephemeralSeconds: seconds };
        await told({ type: 'group-changed', jid: id, change });
      });
    }
    const session = await this.database.kysely
      .selectFrom('sessions')
      .select('jid')
      .where('id', '=', scope.id)
      .executeTakeFirst();
    const action = 'disappearing_timer';
    const content = { type: 'system' as const, text: timerText(seconds), action, seconds };
    await this.outbox.accept({ ...scope, jid: session?.jid ?? null }, id, content);
  }

  async delete(scope: Scope, chatId: string): Promise<void> {
    const id = await this.find(scope, chatId);
    await this.abilities.use(scope, 'chats', async (chats, told) => {
      await chats.delete(id, await this.lastMessage(scope.id, id));
      await told({ type: 'chat-settings', chats: [{ jid: id, deleted: true }] });
    });
  }

  /** Asks the phone for messages from before the oldest that is here; answers the request's id. */
  async askForHistory(scope: Scope, chatId: string, count: number): Promise<string> {
    const id = await this.find(scope, chatId);
    return await this.abilities.use(scope, 'history', async (history) => {
      const oldest = await this.oldestMessage(scope.id, id);
      if (!oldest) {
        throw new ApiError('chat_is_empty', 'The chat has no message to go back from');
      }
      return await history.request(id, oldest, count);
    });
  }

  async showTyping(
    scope: Scope,
    chatId: string,
    state: 'composing' | 'recording' | 'paused',
  ): Promise<void> {
    const jid = chatJidOf(chatId);
    await this.abilities.useEngine(scope, (engine) => engine.sendChatState(jid, state));
  }

  async setLabel(scope: Scope, id: string, { name, color }: ChangeLabel): Promise<void> {
    await this.abilities.use(scope, 'labels', async (labels, told) => {
      await labels.set({ id, name, color });
      await told({ type: 'label', id, name, color, deleted: false });
    });
  }

  async deleteLabel(scope: Scope, id: string): Promise<void> {
    const { name, color } = await this.label(scope, id);
    await this.abilities.use(scope, 'labels', async (labels, told) => {
      await labels.delete(id);
      await told({ type: 'label', id, name, color, deleted: true });
    });
  }

  async setLabelOn(scope: Scope, chatId: string, labelId: string, on: boolean): Promise<Chat> {
    const id = await this.find(scope, chatId);
    await this.label(scope, labelId);
    return await this.abilities.use(scope, 'labels', async (labels, told) => {
      await labels.setOnChat(labelId, id, on);
      await told({ type: 'chat-label', labelId, chatJid: id, on });
      return await this.pages.get(scope.id, id);
    });
  }

  /**
   * The picture of a chat's person or group. Remembers when there is none, so that lists of chats do
   * not ask again. @throws ApiError `picture_not_found`
   */
  async picture(
    scope: Scope,
    chatId: string,
    size: 'preview' | 'image',
  ): Promise<{ mimetype: string; bytes: Uint8Array }> {
    const jid = chatJidOf(chatId);
    return await this.abilities.use(scope, 'contacts', async (contacts, told) => {
      const picture = await contacts.picture(jid, size);
      if (picture) return picture;
      await told({ type: 'picture', jid, removed: true });
      throw new ApiError('picture_not_found', 'There is no picture, or it is not shown to us');
    });
  }

  private async find({ ownerId, id }: Scope, chatId: string): Promise<string> {
    await this.abilities.check({ ownerId, id });
    return await this.chats.find(id, chatJidOf(chatId));
  }

  private async label({ id: sessionId, ownerId }: Scope, id: string) {
    await this.abilities.check({ ownerId, id: sessionId });
    const label = await this.database.kysely
      .selectFrom('labels')
      .select(['name', 'color'])
      .where('session_id', '=', sessionId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (!label) throw new ApiError('label_not_found', `The account has no label ${id}`);
    return label;
  }

  private async lastMessage(sessionId: string, chatId: string): Promise<ChatEnd | undefined> {
    const row = await this.database.kysely
      .selectFrom('chats as c')
      .innerJoin('messages as m', (join) =>
        join.onRef('m.session_id', '=', 'c.session_id').onRef('m.id', '=', 'c.last_message_id'),
      )
      .select(['m.id', 'm.from_me', 'm.sender_jid', 'm.at'])
      .where('c.session_id', '=', sessionId)
      .where('c.id', '=', chatId)
      .executeTakeFirst();
    return row && endOf(row);
  }

  private async oldestMessage(sessionId: string, chatId: string): Promise<ChatEnd | undefined> {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select(['id', 'from_me', 'sender_jid', 'at'])
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .where('hidden', '=', 0)
      .where('status', 'in', IN_CONVERSATION)
      .orderBy('at')
      .orderBy('arrival')
      .limit(1)
      .executeTakeFirst();
    return row && endOf(row);
  }

  /** Tells the authors of what is unread that it was read. */
  private async sendReadReceipts(scope: Scope, chatId: string): Promise<void> {
    const { kysely } = this.database;
    const chat = await kysely
      .selectFrom('chats')
      .select('unread_count')
      .where('session_id', '=', scope.id)
      .where('id', '=', chatId)
      .executeTakeFirst();
    const count = Math.min(chat?.unread_count ?? 0, READ_AT_ONCE);
    if (count === 0) return;
    const unread = await kysely
      .selectFrom('messages')
      .select(['id', 'sender_jid'])
      .where('session_id', '=', scope.id)
      .where('chat_id', '=', chatId)
      .where('from_me', '=', 0)
      .where('hidden', '=', 0)
      .orderBy('at', 'desc')
      .orderBy('arrival', 'desc')
      .limit(count)
      .execute();
    const messages = unread.map(({ id, sender_jid }) => ({
      id,
      ...(isGroupJid(chatId) && sender_jid && { participantJid: sender_jid }),
    }));
    await this.abilities.useEngine(scope, (engine) => engine.markRead(chatId, messages));
  }
}

function endOf(row: {
  id: string;
  from_me: number;
  sender_jid: string | null;
  at: number;
}): ChatEnd {
  return {
    id: row.id,
    fromMe: row.from_me === 1,
    ...(row.sender_jid && { senderJid: row.sender_jid }),
    timestamp: row.at,
  };
}

/** undefined: left as it is; null: not muted; -1: for ever. */
function muteEnd(muted: boolean | undefined, until: string | undefined): number | null | undefined {
  if (muted === false) return null;
  if (until !== undefined) {
    const end = Date.parse(until);
    if (end <= Date.now()) throw new ApiError('invalid_request', 'mutedUntil is in the past');
    return end;
  }
  return muted ? -1 : undefined;
}

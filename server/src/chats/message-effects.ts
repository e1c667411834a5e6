import type { Message } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { MessageChanges } from './message-changes.js';
import type { NewMessage } from './message-store.js';
import { type ActionContent, actsOnAnother } from './message-text.js';
import { isPerson } from './same-person.js';

/** The message that another one acts on. */
interface Target {
  chatId: string;
  fromMe: boolean;
  /** Written by the person who acts now, under either name. */
  byThisPerson: boolean;
}

/** A message being stored, and the name of its author. */
export interface Told extends Omit<NewMessage, 'raw' | 'arrival' | 'status'> {
  senderName: string | null;
  /** The other name of the author, where it is told. */
  senderAltJid?: string | undefined;
}

/** What a message does beyond being stored: it may change another one, and it is told. */
export class MessageEffects {
  private readonly changes: MessageChanges;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {
    this.changes = new MessageChanges(database);
  }

  /**
   * The steps that go into the unit that stores a message, after the session's event number has
   * been advanced: what it changes, and the one event that tells of it. None where it may not do
   * what it says, such as changing somebody else's message.
   * @param view the message as readers see it, where it is a bubble of its own
   */
  async of(session: EventSource, message: Told, view: () => Message): Promise<WriteStep[]> {
    const { content, source, senderAltJid } = message;
    if (!actsOnAnother(content)) {
      const told = { source, message: view(), ...(senderAltJid && { senderAltJid }) };
      return [
        ...this.timer(session.id, message),
        this.log.append(session, 'session.message', told, Date.now()),
      ];
    }
    const target = await this.target(session.id, content.targetId, message.senderJid);
    const mayChange = !target || this.mayChange(content, message, target);
    return mayChange ? this.act(session, content, message, target) : [];
  }

  private mayChange(content: ActionContent, message: Told, target: Target): boolean {
    if (content.type !== 'edit' && content.type !== 'revoke') return true;
    if (content.type === 'revoke' && content.byAdmin) return true;
    return target.fromMe === message.fromMe && (message.fromMe || target.byThisPerson);
  }

  private act(
    session: EventSource,
    content: ActionContent,
    message: Told,
    target: Target | undefined,
  ): WriteStep[] {
    const by = {
      source: message.source,
      chatId: target?.chatId ?? message.chatId,
      messageId: content.targetId,
      actionId: message.id,
      senderJid: message.senderJid,
      ...(message.senderAltJid && { senderAltJid: message.senderAltJid }),
      senderName: message.senderName,
      fromMe: message.fromMe,
      timestamp: new Date(message.at).toISOString(),
    };
    const author = { jid: message.senderJid ?? '', fromMe: message.fromMe, at: message.at };
    const { changes, log } = this;
    const { targetId } = content;
    const { id } = session;
    const now = Date.now();
    switch (content.type) {
      case 'reaction': {
        const { emoji } = content;
        return [
          changes.react(id, targetId, author, emoji),
          log.append(session, 'message.reaction', { ...by, emoji }, now),
        ];
      }
      case 'edit': {
        const data = { ...by, content: content.text };
        return [
          changes.edit(id, targetId, author, content.text),
          log.append(session, 'message.edited', data, now),
        ];
      }
      case 'revoke': {
        const byAdmin = content.byAdmin ?? false;
        return [
          changes.revoke(id, targetId, author, byAdmin),
          log.append(session, 'message.deleted', { ...by, byAdmin }, now),
        ];
      }
      case 'pin': {
        const { pinned, duration } = content;
        const until = pinned && duration ? message.at + duration * 1000 : 0;
        const data = { ...by, pinned, until: until ? new Date(until).toISOString() : null };
        return [
          changes.pin(id, targetId, pinned ? until : null),
          log.append(session, 'message.pinned', data, now),
        ];
      }
      case 'poll_vote': {
        if (content.unreadable) return [];
        const { options } = content;
        return [
          changes.answer(id, targetId, author, options),
          log.append(session, 'poll.vote', { ...by, options }, now),
        ];
      }
      case 'event_response': {
        if (content.unreadable) return [];
        const answer = { response: content.response, extraGuests: content.extraGuests ?? 0 };
        return [
          changes.answer(id, targetId, author, answer),
          log.append(session, 'event.response', { ...by, ...answer }, now),
        ];
      }
    }
  }

  /** A notice of the chat's timer sets it. */
  private timer(sessionId: string, { chatId, content }: Told): WriteStep[] {
    if (content.type !== 'system' || content.action !== 'disappearing_timer') return [];
    const query = this.database.kysely
      .updateTable('chats')
      .set({ disappearing_seconds: content.seconds ?? 0 })
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId);
    return [{ query }];
  }

  private async target(
    sessionId: string,
    messageId: string,
    actor: string | null,
  ): Promise<Target | undefined> {
    const byThisPerson = actor ? isPerson(sessionId, 'sender_jid', actor) : sql<boolean>`1 = 0`;
    const row = await this.database.kysely
      .selectFrom('messages')
      .select(['chat_id', 'from_me'])
      .select(sql<number>`case when ${byThisPerson} then 1 else 0 end`.as('by_this_person'))
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
    if (!row) return undefined;
    return {
      chatId: row.chat_id,
      fromMe: row.from_me === 1,
      byThisPerson: Number(row.by_this_person) === 1,
    };
  }
}

import { createHash } from 'node:crypto';
import type { ConversationState, EventData, StateCause } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { calledIn } from '../../chats/mention-names.js';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { EventLog } from '../../event-log/event-log.js';
import { ApiError } from '../../http/api-error.js';
import type { ChatbotRow } from './chatbot-store.js';

export type ConversationRow = Selectable<Schema['chatbot_conversations']>;
export type SaidRow = Selectable<Schema['chatbot_messages']>;

/** The conversations of chatbots: who answers, what was said, what is still to be answered. */
export class ConversationStore {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    /** The step that takes a session's next event number. */
    private readonly nextEvent: (sessionId: string) => WriteStep,
  ) {}

  async find(chatbotId: string, id: string): Promise<ConversationRow> {
    const row = await this.byId(id);
    if (row?.chatbot_id !== chatbotId) {
      throw new ApiError('conversation_not_found', `The chatbot has no conversation "${id}"`);
    }
    return row;
  }

  async byId(id: string): Promise<ConversationRow | undefined> {
    return await this.database.kysely
      .selectFrom('chatbot_conversations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, ConversationRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.kysely
      .selectFrom('chatbot_conversations')
      .selectAll()
      .where('id', 'in', [...ids])
      .execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Newest first, after a place in the list; with the contact's name and what was said last. */
  async list(
    chatbotId: string,
    { state, chatId }: { state?: ConversationState | undefined; chatId?: string | undefined },
    limit: number,
    after?: readonly [lastMessageAt: number, id: string],
  ) {
    const rows = await this.database.kysely
      .selectFrom('chatbot_conversations as v')
      .selectAll('v')
      .select((e) =>
        e
          .selectFrom('chatbot_messages as m')
          .whereRef('m.conversation_id', '=', 'v.id')
          .select(sql<string>`m.by || ':' || m.content`.as('last'))
          .orderBy('m.position', 'desc')
          .limit(1)
          .as('last'),
      )
      .where('v.chatbot_id', '=', chatbotId)
      .$if(state !== undefined, (all) => all.where('v.state', '=', state ?? 'bot'))
      .$if(chatId !== undefined, (all) => all.where('v.chat_id', '=', chatId ?? ''))
      .$if(after !== undefined, (all) =>
        all.where((e) =>
          e.or([
            e('v.last_message_at', '<', after?.[0] ?? 0),
            e.and([e('v.last_message_at', '=', after?.[0] ?? 0), e('v.id', '<', after?.[1] ?? '')]),
          ]),
        ),
      )
      .orderBy('v.last_message_at', 'desc')
      .orderBy('v.id', 'desc')
      .limit(limit)
      .execute();
    const chats = rows.map(({ chat_id }) => chat_id);
    const { names } = await calledIn(this.database, rows[0]?.session_id ?? '', chats);
    return rows.map((row) => ({ ...row, name: names.get(row.chat_id) ?? null }));
  }

  /** What was said in a conversation before a position of the log, newest first. */
  async said(conversationId: string, before: number, limit: number): Promise<SaidRow[]> {
    return await this.database.kysely
      .selectFrom('chatbot_messages')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
  }

  /** What has no answer yet, oldest first. */
  async openQuestions(conversationId: string) {
    return await this.database.kysely
      .selectFrom('chatbot_questions as q')
      .innerJoin('chatbot_messages as m', (join) =>
        join
          .onRef('m.conversation_id', '=', 'q.conversation_id')
          .onRef('m.id', '=', 'q.message_id'),
      )
      .select(['q.message_id', 'q.position', 'q.asked_at', 'm.content', 'm.at'])
      .where('q.conversation_id', '=', conversationId)
      .where('q.outcome', '=', 'open')
      .orderBy('q.position')
      .execute();
  }

  /** Those of these messages that are answers of the chatbot. */
  async answersAmong(chatbotId: string, messageIds: readonly string[]): Promise<Set<string>> {
    if (messageIds.length === 0) return new Set();
    const rows = await this.database.kysely
      .selectFrom('chatbot_questions')
      .select('answer_id')
      .where('chatbot_id', '=', chatbotId)
      .where('answer_id', 'in', [...messageIds])
      .execute();
    return new Set(rows.map(({ answer_id }) => answer_id ?? ''));
  }

  /** Which chats these lead to now; those that were merged away lead to another. */
  async chatsNow(sessionId: string, chatIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.kysely
      .selectFrom('chat_aliases')
      .select(['jid', 'chat_id'])
      .where('session_id', '=', sessionId)
      .where('jid', 'in', [...chatIds])
      .execute();
    return new Map(rows.map(({ jid, chat_id }) => [jid, chat_id]));
  }

  /** Step: something was said; the conversation begins with it if there is none. */
  spoken(bot: ChatbotRow, chatId: string, at: number): WriteStep {
    const query = this.database.kysely
      .insertInto('chatbot_conversations')
      .values({
        id: conversationId(bot.id, chatId),
        chatbot_id: bot.id,
        session_id: bot.session_id,
        chat_id: chatId,
        state: 'bot',
        last_message_at: at,
      })
      .onConflict((c) =>
        c.column('id').doUpdateSet({
          last_message_at: sql`case when chatbot_conversations.last_message_at < excluded.last_message_at
            then excluded.last_message_at else chatbot_conversations.last_message_at end`,
        }),
      );
    return { query };
  }

  /** Step: keeps what was said. */
  say(said: SaidRow): WriteStep {
    const query = this.database.kysely
      .insertInto('chatbot_messages')
      .values(said)
      .onConflict((c) => c.columns(['conversation_id', 'id']).doNothing());
    return { query };
  }

  /** Step: something is to be answered. */
  ask(said: SaidRow, now: number): WriteStep {
    const query = this.database.kysely
      .insertInto('chatbot_questions')
      .values({
        chatbot_id: said.chatbot_id,
        conversation_id: said.conversation_id,
        message_id: said.id,
        position: said.position,
        asked_at: now,
        outcome: 'open',
      })
      .onConflict((c) => c.columns(['conversation_id', 'message_id']).doNothing());
    return { query };
  }

  /**
   * Step: what became of open questions; refuses its unit when one of them has found its answer
   * meanwhile, so that none is answered twice.
   */
  settle(
    conversation: string,
    messageIds: readonly string[],
    outcome: 'answered' | 'silent' | 'failed',
    answerId: string | null,
  ): WriteStep[] {
    return messageIds.map((messageId) => ({
      query: this.database.kysely
        .updateTable('chatbot_questions')
        .set({ outcome, answer_id: answerId, decided_at: Date.now() })
        .where('conversation_id', '=', conversation)
        .where('message_id', '=', messageId)
        .where('outcome', '=', 'open'),
      whenUnchanged: 'fail',
    }));
  }

  /** Step: refuses its unit unless the bot answers here. */
  stillBots(id: string): WriteStep {
    const query = this.database.kysely
      .updateTable('chatbot_conversations')
      .set({ error: null })
      .where('id', '=', id)
      .where('state', '=', 'bot');
    return { query, whenUnchanged: 'fail' };
  }

  /** Step: why the last question has no answer. */
  failed(id: string, error: string): WriteStep {
    const query = this.database.kysely
      .updateTable('chatbot_conversations')
      .set({ error: error.slice(0, 500) })
      .where('id', '=', id);
    return { query };
  }

  /** Steps that give a conversation to somebody, and tell of it. */
  handOver(
    bot: ChatbotRow,
    { id, chat_id }: Pick<ConversationRow, 'id' | 'chat_id'>,
    state: ConversationState,
    cause: StateCause,
  ): WriteStep[] {
    const { kysely } = this.database;
    const now = Date.now();
    const query = kysely
      .updateTable('chatbot_conversations')
      .set({ state, state_cause: cause, state_at: now, ...(state === 'bot' && { error: null }) })
      .where('id', '=', id);
    const data: EventData<'chatbot.conversation'> = {
      chatbotId: bot.id,
      conversationId: id,
      chatId: chat_id,
      state,
      cause,
    };
    const source = { id: bot.session_id, ownerId: bot.owner_id };
    return [
      { query },
      this.nextEvent(bot.session_id),
      this.log.append(source, 'chatbot.conversation', data, now),
    ];
  }

  /** Steps that follow when a chat is merged into another. */
  chatMerged(bot: ChatbotRow, from: string, into: string): WriteStep[] {
    const { kysely } = this.database;
    const [oldId, id] = [conversationId(bot.id, from), conversationId(bot.id, into)];
    const old = kysely.selectFrom('chatbot_conversations').where('id', '=', oldId);
    const move = kysely
      .insertInto('chatbot_conversations')
      .columns([
        ...(['id', 'chatbot_id', 'session_id', 'chat_id'] as const),
        ...(['state', 'state_cause', 'state_at', 'last_message_at', 'error'] as const),
      ])
      .expression(
        old.select((e) => [
          e.val(id).as('id'),
          'chatbot_id',
          'session_id',
          e.val(into).as('chat_id'),
          'state',
          'state_cause',
          'state_at',
          'last_message_at',
          'error',
        ]),
      )
      .onConflict((c) => c.column('id').doNothing());
    const follow = (table: 'chatbot_messages' | 'chatbot_questions') => ({
      query: kysely
        .updateTable(table)
        .set({ conversation_id: id })
        .where('conversation_id', '=', oldId),
    });
    return [
      { query: move },
      follow('chatbot_messages'),
      follow('chatbot_questions'),
      { query: kysely.deleteFrom('chatbot_conversations').where('id', '=', oldId) },
    ];
  }
}

/** The same for the same chatbot and chat, whenever and however often it is asked for (a UUID, v8). */
export function conversationId(chatbotId: string, chatId: string): string {
  const bytes = createHash('sha256').update(`${chatbotId}\n${chatId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

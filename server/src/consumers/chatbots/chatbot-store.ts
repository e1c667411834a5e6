import { randomBytes, randomUUID } from 'node:crypto';
import type { ChangeChatbot, Chatbot, CreateChatbot } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { Scope } from '../../event-log/event-log.js';
import { HEAD } from '../../event-log/head.js';
import { inScope } from '../../event-log/in-scope.js';
import type { Wakeup } from '../../event-log/wakeup.js';
import { ApiError } from '../../http/api-error.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import { UrlRefused } from '../../user-urls/guarded-fetch.js';

export type ChatbotRow = Selectable<Schema['chatbots']>;

/** What an `ai` answers with, but for its key. */
export type AiSettings = Omit<Chatbot['ai'], 'hasApiKey'>;

const UNSET: AiSettings = {
  baseUrl: null,
  model: null,
  prompt: '',
  historyTokens: 3000,
  answerTokens: 500,
  stream: false,
  tokensPerDay: null,
};

/** Unless something else is asked for (ms). */
const QUIET = 2000;

/** The chatbots of all sessions; they are few and asked for with every event, so kept in memory. */
export class ChatbotStore {
  private known: Map<string, ChatbotRow> | undefined;
  private writing = 0;
  /** Of the table, as far as this process changed it. */
  private version = 0;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly guarded: GuardedFetch,
    private readonly wakeup: Wakeup,
  ) {
    wakeup.onChanged('chatbots', () => this.forgetKnown());
  }

  /** Whether there may be a chatbot that waits for events. */
  get any(): boolean {
    return this.writing > 0 || this.known === undefined || this.known.size > 0;
  }

  /**
   * By session. Read again while one is being written, and each time where another process may do
   * that, so that an event that is committed after a chatbot never meets a list without it.
   */
  async bySession(): Promise<ReadonlyMap<string, ChatbotRow>> {
    if (this.writing === 0 && !this.database.notices && this.known) return this.known;
    const { version } = this;
    const rows = await this.database.kysely.selectFrom('chatbots').selectAll().execute();
    const found = new Map(rows.map((row) => [row.session_id, row]));
    if (this.writing === 0 && this.version === version) this.known = found;
    return found;
  }

  /** What is known is read again. */
  private forgetKnown(): void {
    this.version += 1;
    this.known = undefined;
  }

  /** Up to which position of the log each has decided what is to be done. */
  async decidedTo(bots: readonly ChatbotRow[]): Promise<Map<string, number>> {
    const ids = bots.map(({ id }) => id);
    const rows = await this.database.kysely
      .selectFrom('chatbots')
      .select(['id', 'decided_to'])
      .where('id', 'in', ids)
      .execute();
    return new Map(rows.map(({ id, decided_to }) => [id, decided_to]));
  }

  /** Whatever its owner; undefined when it was deleted. */
  async byId(id: string): Promise<ChatbotRow | undefined> {
    return await this.database.kysely
      .selectFrom('chatbots')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Those of sessions in any of these scopes, oldest first. */
  async list(scope: readonly Scope[]): Promise<ChatbotRow[]> {
    return await this.database.kysely
      .selectFrom('chatbots')
      .selectAll()
      .where(inScope(scope, 'owner_id', 'session_id'))
      .orderBy('created_at')
      .orderBy('id')
      .execute();
  }

  /**
   * A new chatbot, for what comes from now on; the only time that its secret is told.
   * @param ownerId the user whose session it is
   * @param also steps that belong to it
   * @throws {ApiError} chatbot_exists, chatbot_incomplete, url_refused
   */
  async create(
    ownerId: string,
    body: CreateChatbot,
    also: (id: string) => WriteStep[],
  ): Promise<{ row: ChatbotRow; webhookSecret: string }> {
    await this.check(body);
    const id = randomUUID();
    const webhookSecret = `botsec_${randomBytes(32).toString('base64url')}`;
    const now = Date.now();
    const { apiKey, ...ai } = body.ai ?? {};
    const values = {
      id,
      owner_id: ownerId,
      session_id: body.sessionId,
      name: body.name,
      enabled: body.enabled ? 1 : 0,
      responder: body.responder ?? 'none',
      ai: JSON.stringify({ ...UNSET, ...ai }),
      webhook_url: body.webhookUrl ?? null,
      quiet_ms: Math.round(body.quietSeconds === undefined ? QUIET : body.quietSeconds * 1000),
      api_key: apiKey ? this.seal(id, 'api-key', apiKey) : null,
      webhook_secret: this.seal(id, 'webhook-secret', webhookSecret),
      created_at: now,
      updated_at: now,
    };
    refuseIncomplete(values);
    const insert = this.database.kysely
      .insertInto('chatbots')
      .values({ ...values, begins_at: HEAD, decided_to: HEAD })
      .onConflict((c) => c.doNothing());
    const { applied } = await this.write([{ query: insert, whenUnchanged: 'stop' }, ...also(id)]);
    const row = await this.byId(id);
    if (!applied || !row) {
      throw new ApiError('chatbot_exists', `The session "${body.sessionId}" has a chatbot already`);
    }
    return { row, webhookSecret };
  }

  /** @param also steps that belong to the change @throws {ApiError} chatbot_incomplete, url_refused */
  async change(row: ChatbotRow, body: ChangeChatbot, also: WriteStep[]): Promise<ChatbotRow> {
    await this.check(body);
    const { id } = row;
    const { apiKey, ...ai } = body.ai ?? {};
    const changes = {
      name: body.name ?? row.name,
      enabled: (body.enabled ?? row.enabled === 1) ? 1 : 0,
      responder: body.responder ?? row.responder,
      ai: JSON.stringify({ ...this.aiOf(row), ...ai }),
      webhook_url: body.webhookUrl === undefined ? row.webhook_url : body.webhookUrl,
      quiet_ms:
        body.quietSeconds === undefined ? row.quiet_ms : Math.round(body.quietSeconds * 1000),
      ...(apiKey !== undefined && { api_key: apiKey ? this.seal(id, 'api-key', apiKey) : null }),
      updated_at: Date.now(),
    };
    refuseIncomplete(changes);
    const query = this.database.kysely.updateTable('chatbots').set(changes).where('id', '=', id);
    await this.write([{ query, whenUnchanged: 'stop' }, ...also]);
    return { ...row, ...changes };
  }

  /** Deletes a chatbot and all that it kept. */
  async delete({ id }: ChatbotRow, also: WriteStep[]): Promise<void> {
    await this.write([...this.forgetting('id', id), ...also]);
  }

  /** Steps that forget the chatbot of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    this.forgetKnown();
    return this.forgetting('session_id', sessionId);
  }

  aiOf({ ai }: Pick<ChatbotRow, 'ai'>): AiSettings {
    return { ...UNSET, ...(JSON.parse(ai) as Partial<AiSettings>) };
  }

  apiKeyOf({ id, api_key }: ChatbotRow): string | undefined {
    return api_key ? this.open(id, 'api-key', api_key) : undefined;
  }

  webhookSecretOf({ id, webhook_secret }: ChatbotRow): string {
    return this.open(id, 'webhook-secret', webhook_secret);
  }

  view(row: ChatbotRow): Chatbot {
    return {
      id: row.id,
      name: row.name,
      sessionId: row.session_id,
      enabled: row.enabled === 1,
      responder: row.responder,
      ai: { ...this.aiOf(row), hasApiKey: row.api_key !== null },
      webhookUrl: row.webhook_url,
      quietSeconds: row.quiet_ms / 1000,
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
    };
  }

  private forgetting(column: 'id' | 'session_id', value: string): WriteStep[] {
    const { kysely } = this.database;
    const ids = kysely.selectFrom('chatbots').select('id').where(column, '=', value);
    const kept = [
      'chatbot_conversations',
      'chatbot_messages',
      'chatbot_questions',
      'chatbot_usage',
    ] as const;
    return [
      ...kept.map((table) => ({ query: kysely.deleteFrom(table).where('chatbot_id', 'in', ids) })),
      { query: kysely.deleteFrom('chatbots').where(column, '=', value) },
    ];
  }

  private async check({ ai, webhookUrl }: ChangeChatbot): Promise<void> {
    for (const url of [ai?.baseUrl, webhookUrl]) {
      if (!url) continue;
      try {
        await this.guarded.inspect(url);
      } catch (error) {
        if (error instanceof UrlRefused) throw new ApiError('url_refused', error.message);
        throw error;
      }
    }
  }

  private async write(steps: WriteStep[]) {
    this.writing += 1;
    this.forgetKnown();
    try {
      return await this.database.write(steps);
    } finally {
      this.writing -= 1;
      this.known = undefined;
      this.wakeup.hint('changed:chatbots');
    }
  }

  private seal(id: string, field: string, text: string): Uint8Array {
    return this.box.seal(Buffer.from(text), `chatbot|${id}|${field}`);
  }

  private open(id: string, field: string, sealed: Uint8Array): string {
    return Buffer.from(this.box.open(sealed, `chatbot|${id}|${field}`)).toString();
  }
}

/** Enabled, it must be able to answer. */
function refuseIncomplete(row: Pick<ChatbotRow, 'enabled' | 'responder' | 'ai' | 'webhook_url'>) {
  if (row.enabled === 0) return;
  const { baseUrl, model } = JSON.parse(row.ai) as AiSettings;
  if (row.responder === 'ai' && (!baseUrl || !model)) {
    throw new ApiError('chatbot_incomplete', 'ai.baseUrl and ai.model must be there first');
  }
  if (row.responder === 'webhook' && !row.webhook_url) {
    throw new ApiError('chatbot_incomplete', 'webhookUrl must be there first');
  }
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { CreateWebhook, UpdateWebhook } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { chatJidOf } from '../../chats/chat-address.js';
import type { Database } from '../../db/database.js';
import type { ListPlace } from '../../db/keyset.js';
import { beyond } from '../../db/keyset.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import { HEAD } from '../../event-log/head.js';
import type { Wakeup } from '../../event-log/wakeup.js';
import { ApiError } from '../../http/api-error.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import { UrlRefused } from '../../user-urls/guarded-fetch.js';
import type { Reaches } from './wants.js';

/** Whose webhooks, and of which sessions; what is absent limits nothing. */
export interface WebhookScope {
  ownerId?: string;
  sessionIds?: readonly string[];
}

export type WebhookRow = Selectable<Schema['webhooks']>;

const MAX_WEBHOOKS = 200;

/** The webhooks of all owners; those that are enabled are at hand for each event. */
export class WebhookStore {
  private active: WebhookRow[] | undefined;
  private writing = 0;
  /** Of the table, as far as this process changed it. */
  private version = 0;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly guarded: GuardedFetch,
    private readonly reaches: Reaches,
    private readonly wakeup: Wakeup,
  ) {
    wakeup.onChanged('webhooks', () => this.changed());
  }

  /** Whether there may be a webhook that waits for events. */
  get anyActive(): boolean {
    return this.writing > 0 || this.active === undefined || this.active.length > 0;
  }

  /**
   * The enabled webhooks. Read again while one is being written, and each time where another process
   * may do that, so that an event that is committed after a webhook never meets a list without it.
   */
  async enabled(): Promise<WebhookRow[]> {
    if (this.isCertain && this.active) return this.active;
    const { version } = this;
    const rows = await this.database.kysely
      .selectFrom('webhooks')
      .selectAll()
      .where('enabled', '=', 1)
      .orderBy('created_at')
      .execute();
    if (this.writing === 0 && this.version === version) this.active = rows;
    return rows;
  }

  /** Whatever its owner; undefined when it was deleted. */
  async byId(id: string): Promise<WebhookRow | undefined> {
    const known = this.isCertain && this.active?.find((row) => row.id === id);
    if (known) return known;
    const rows = this.database.kysely.selectFrom('webhooks').selectAll();
    return await rows.where('id', '=', id).executeTakeFirst();
  }

  /** @throws {ApiError} webhook_not_found */
  async find({ ownerId, sessionIds }: WebhookScope, id: string): Promise<WebhookRow> {
    const row = await this.byId(id);
    const isTheirs = ownerId === undefined || row?.owner_id === ownerId;
    if (!row || !isTheirs || sessionIds?.includes(row.session_id ?? '') === false) {
      throw new ApiError('webhook_not_found', `There is no webhook "${id}"`);
    }
    return row;
  }

  /** Oldest first, after a place in the list. */
  async list(
    { ownerId, sessionIds }: WebhookScope,
    limit: number,
    after?: ListPlace,
  ): Promise<WebhookRow[]> {
    return await this.database.kysely
      .selectFrom('webhooks')
      .selectAll()
      .$if(ownerId !== undefined, (all) => all.where('owner_id', '=', ownerId ?? ''))
      .$if(sessionIds !== undefined, (all) =>
        all.where('session_id', 'in', [...(sessionIds ?? [])]),
      )
      .where(beyond(after, 'oldest-first'))
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /**
   * A new webhook, for events from now on; the only time that its secret is told.
   * @param also steps that belong to it
   */
  async create(
    ownerId: string,
    body: CreateWebhook,
    also: (id: string) => WriteStep[],
  ): Promise<{ row: WebhookRow; secret: string }> {
    await this.check(ownerId, body);
    const count = await this.database.kysely
      .selectFrom('webhooks')
      .select((e) => e.fn.countAll().as('n'))
      .where('owner_id', '=', ownerId)
      .executeTakeFirstOrThrow();
    if (Number(count.n) >= MAX_WEBHOOKS) {
      throw new ApiError('too_many_webhooks', `There are ${MAX_WEBHOOKS} already; delete one`);
    }
    const id = `wh_${randomUUID()}`;
    const secret = body.secret ?? newSecret();
    const now = Date.now();
    const values = {
      id,
      owner_id: ownerId,
      session_id: body.sessionId ?? null,
      name: body.name ?? null,
      url: body.url,
      events: JSON.stringify(body.events ?? []),
      chats: JSON.stringify((body.chats ?? []).map(chatJidOf)),
      history: body.history ? 1 : 0,
      raw: body.raw ? 1 : 0,
      enabled: body.enabled === false ? 0 : 1,
      secret: this.seal(id, 'secret', secret),
      headers: this.seal(id, 'headers', JSON.stringify(body.headers ?? {})),
      from_position: HEAD,
      created_at: now,
      updated_at: now,
    };
    const query = this.database.kysely.insertInto('webhooks').values(values);
    await this.write([{ query }, ...also(id)]);
    return { row: await this.find({ ownerId }, id), secret };
  }

  /** @param also steps that belong to the change */
  async update(row: WebhookRow, body: UpdateWebhook, also: WriteStep[] = []): Promise<WebhookRow> {
    await this.check(row.owner_id, body);
    const { id } = row;
    const isEnabledNow = body.enabled === true && row.enabled === 0;
    const changes = {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.url !== undefined && { url: body.url }),
      ...(body.sessionId !== undefined && { session_id: body.sessionId }),
      ...(body.events && { events: JSON.stringify(body.events) }),
      ...(body.chats && { chats: JSON.stringify(body.chats.map(chatJidOf)) }),
      ...(body.history !== undefined && { history: body.history ? 1 : 0 }),
      ...(body.raw !== undefined && { raw: body.raw ? 1 : 0 }),
      ...(body.enabled !== undefined && { enabled: body.enabled ? 1 : 0 }),
      ...(body.headers && { headers: this.changedHeaders(row, body.headers) }),
      ...(body.secret !== undefined && { secret: this.seal(id, 'secret', body.secret) }),
      // What happened while it was off is not made up for.
      ...(isEnabledNow && { from_position: HEAD }),
      updated_at: Date.now(),
    };
    const query = this.database.kysely.updateTable('webhooks').set(changes).where('id', '=', id);
    await this.write([{ query, whenUnchanged: 'stop' }, ...also]);
    return await this.find({ ownerId: row.owner_id }, id);
  }

  /** A new secret in place of the old one. @param also steps that belong to it */
  async renewSecret(
    row: WebhookRow,
    also: WriteStep[],
  ): Promise<{ row: WebhookRow; secret: string }> {
    const secret = newSecret();
    return { row: await this.update(row, { secret }, also), secret };
  }

  /** @param also steps that belong to it */
  async delete({ id }: WebhookRow, also: WriteStep[]): Promise<void> {
    const query = this.database.kysely.deleteFrom('webhooks').where('id', '=', id);
    await this.write([{ query, whenUnchanged: 'stop' }, ...also]);
  }

  /** The step that switches off the webhooks of a user who goes; `changed` is to be called after it. */
  switchOff(ownerId: string): WriteStep {
    const query = this.database.kysely
      .updateTable('webhooks')
      .set({ enabled: 0, updated_at: Date.now() })
      .where('owner_id', '=', ownerId)
      .where('enabled', '=', 1);
    return { query };
  }

  /** What is at hand is read again. */
  changed(): void {
    this.version += 1;
    this.active = undefined;
  }

  /** Whether what is at hand is what is stored. */
  private get isCertain(): boolean {
    return this.writing === 0 && !this.database.notices;
  }

  secretOf({ id, secret }: WebhookRow): string {
    return this.open(id, 'secret', secret);
  }

  headersOf({ id, headers }: WebhookRow): Record<string, string> {
    return JSON.parse(this.open(id, 'headers', headers)) as Record<string, string>;
  }

  private changedHeaders(row: WebhookRow, wanted: Record<string, string | null>): Uint8Array {
    const known = this.headersOf(row);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(wanted)) {
      const kept = value ?? known[name];
      if (kept === undefined) {
        throw new ApiError('invalid_request', `headers.${name}: there is no value to keep`);
      }
      headers[name] = kept;
    }
    return this.seal(row.id, 'headers', JSON.stringify(headers));
  }

  /** What the schema cannot see: where the URL leads, whether the session is there. */
  private async check(ownerId: string, { url, sessionId }: UpdateWebhook): Promise<void> {
    if (sessionId) {
      const session = await this.database.kysely
        .selectFrom('sessions')
        .select('owner_id')
        .where('id', '=', sessionId)
        .executeTakeFirst();
      if (!session || !this.reaches(ownerId, session.owner_id, sessionId))
        throw new ApiError('session_not_found', `There is no session "${sessionId}"`);
    }
    if (url === undefined) return;
    try {
      await this.guarded.inspect(url);
    } catch (error) {
      if (error instanceof UrlRefused) throw new ApiError('url_refused', error.message);
      throw error;
    }
  }

  private async write(steps: WriteStep[]): Promise<void> {
    this.writing += 1;
    this.changed();
    try {
      await this.database.write(steps);
    } finally {
      this.writing -= 1;
      this.active = undefined;
      this.wakeup.hint('changed:webhooks');
    }
  }

  private seal(id: string, field: string, text: string): Uint8Array {
    return this.box.seal(Buffer.from(text), `webhook|${id}|${field}`);
  }

  private open(id: string, field: string, sealed: Uint8Array): string {
    return Buffer.from(this.box.open(sealed, `webhook|${id}|${field}`)).toString();
  }
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

import { randomUUID } from 'node:crypto';
import type { Action, ApiKey, CreateApiKey, NewApiKey } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import { beyond } from '../db/keyset.js';
import type { Schema } from '../db/schema.js';
import { ApiError } from '../http/api-error.js';
import type { Audit } from './audit.js';
import type { Credentials } from './credentials.js';
import type { Actor, Principal } from './principal.js';
import type { SessionAccess } from './session-access.js';
import { hashOf, newToken } from './tokens.js';

type ApiKeyRow = Selectable<Schema['api_keys']>;

const MAX_KEYS = 500;
const HINT = 4;

/** Keys for programs, made by a user and never able to do more than that user. */
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly access: SessionAccess,
    private readonly credentials: Credentials,
    private readonly audit: Audit,
  ) {}

  /** @throws {ApiError} session_not_found, too_many_keys */
  async create(actor: Actor, body: CreateApiKey): Promise<NewApiKey> {
    const { principal } = actor;
    for (const id of body.sessions ?? []) {
      if (await this.access.find(principal, id)) continue;
      throw new ApiError('session_not_found', `There is no session "${id}"`);
    }
    await this.refuseTooMany(principal.userId);
    const key = newToken('pbk_');
    const now = Date.now();
    const row: ApiKeyRow = {
      id: `key_${randomUUID()}`,
      user_id: principal.userId,
      name: body.name,
      key_hash: hashOf(key),
      hint: key.slice(-HINT),
      actions: JSON.stringify([...new Set(body.actions)]),
      sessions: body.sessions ? JSON.stringify([...new Set(body.sessions)]) : null,
      created_at: now,
      expires_at: body.expiresInDays ? now + body.expiresInDays * 86_400_000 : null,
      used_at: null,
      revoked_at: null,
    };
    const { name, actions, sessions } = body;
    await this.database.write([
      { query: this.database.kysely.insertInto('api_keys').values(row) },
      this.audit.step(actor, 'key.created', row.id, { name, actions, sessions }),
    ]);
    return { ...toApiKey(row), key };
  }

  /** The newest first; admins see everybody's. */
  async list({ userId, role }: Principal, limit: number, before?: ListPlace): Promise<ApiKeyRow[]> {
    return await this.database.kysely
      .selectFrom('api_keys')
      .selectAll()
      .$if(role !== 'admin', (all) => all.where('user_id', '=', userId))
      .where(beyond(before, 'newest-first'))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** It ends at once, and the streams that it opened with it. @throws {ApiError} key_not_found */
  async revoke(actor: Actor, id: string): Promise<void> {
    const { role, userId } = actor.principal;
    const query = this.database.kysely
      .updateTable('api_keys')
      .set({ revoked_at: Date.now() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .$if(role !== 'admin', (mine) => mine.where('user_id', '=', userId));
    const { applied } = await this.database.write([
      { query, whenUnchanged: 'stop' },
      this.audit.step(actor, 'key.revoked', id),
    ]);
    if (!applied) throw new ApiError('key_not_found');
    this.credentials.changed();
  }

  private async refuseTooMany(userId: string): Promise<void> {
    const { count } = await this.database.kysely
      .selectFrom('api_keys')
      .select((e) => e.fn.countAll().as('count'))
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (Number(count) < MAX_KEYS) return;
    throw new ApiError('too_many_keys', `There are ${MAX_KEYS} already; revoke one`);
  }
}

export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    hint: row.hint,
    actions: JSON.parse(row.actions) as Action[],
    sessions: row.sessions === null ? null : (JSON.parse(row.sessions) as string[]),
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: isoOrNull(row.expires_at),
    lastUsedAt: isoOrNull(row.used_at),
    revokedAt: isoOrNull(row.revoked_at),
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';

/** A client's name for one wish: asked for again under the same key, it is the same message. */
export interface Claim {
  key: string;
  /** SHA-256 of all that the request says, hexadecimal. */
  digest: string;
}

interface Scope {
  id: string;
  ownerId: string;
}

/** How long a key stands for its message (ms). */
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** Idempotency keys of sends. Scoped by owner and session: nobody meets another's keys. */
export class IdempotencyKeys {
  constructor(private readonly database: Database) {}

  /**
   * The first steps of the unit that accepts a message: they stop it when the key stands for a
   * message already. Of two requests at once one gets through, the other finds it.
   */
  claim(scope: Scope, { key, digest }: Claim, messageId: string, now: number): WriteStep[] {
    const { kysely } = this.database;
    const row = {
      owner_id: scope.ownerId,
      session_id: scope.id,
      key,
      digest,
      message_id: messageId,
      expires_at: now + KEPT_FOR,
    };
    const expired = kysely
      .deleteFrom('idempotency_keys')
      .where('session_id', '=', scope.id)
      .where('expires_at', '<=', now);
    const insert = kysely
      .insertInto('idempotency_keys')
      .values(row)
      .onConflict((c) => c.doNothing());
    return [{ query: expired }, { query: insert, whenUnchanged: 'stop' }];
  }

  /** The message that the key stands for; throws `idempotency_key_reused` for another request. */
  async find(scope: Scope, { key, digest }: Claim, now: number): Promise<string | undefined> {
    const row = await this.database.kysely
      .selectFrom('idempotency_keys')
      .select(['message_id', 'digest'])
      .where('owner_id', '=', scope.ownerId)
      .where('session_id', '=', scope.id)
      .where('key', '=', key)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (row && row.digest !== digest) throw new ApiError('idempotency_key_reused');
    return row?.message_id;
  }
}

import type { Actor, Principal, SessionScope } from '../auth/principal.js';
import type { SessionAccess } from '../auth/session-access.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { Creating } from '../sessions/creating.js';

export interface DefaultSession extends SessionScope {
  /** By the user; else it is the oldest one. */
  chosen: boolean;
}

/**
 * The one session that the notification API means, for each user: the one that was chosen, else the
 * oldest of the user's own. With a key for some sessions it is one of those.
 */
export class DefaultSessions {
  private readonly creations = new Map<string, Promise<SessionScope>>();

  constructor(
    private readonly database: Database,
    private readonly access: SessionAccess,
    private readonly creating: Creating,
  ) {}

  /** Undefined: there is none yet. */
  async find(principal: Principal): Promise<DefaultSession | undefined> {
    const { userId, sessions } = principal;
    const row = await this.database.kysely
      .selectFrom('default_sessions')
      .select('session_id')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    const chosen = row && (await this.access.find(principal, row.session_id));
    if (chosen) return { ...chosen, chosen: true };
    const oldest = await this.oldest(userId, sessions);
    return oldest && { ...oldest, chosen: false };
  }

  /** @throws {ApiError} session_not_found */
  async get(principal: Principal): Promise<SessionScope> {
    const found = await this.find(principal);
    if (found) return found;
    throw new ApiError(
      'session_not_found',
      'You have no account yet: GET /api/whatsapp/qr makes one and shows the QR to scan',
    );
  }

  /**
   * The same, made and started if there is none; for those who may change it.
   * @throws {ApiError} forbidden, no_free_slot
   */
  async ensure(by: Actor): Promise<SessionScope & { isNew: boolean }> {
    const { principal } = by;
    const found = await this.find(principal);
    if (found && !this.access.manages(principal, found)) {
      throw new ApiError('forbidden', 'The account is shared with you; its owner may do this');
    }
    if (found) return { ...found, isNew: false };
    return { ...(await this.create(by)), isNew: true };
  }

  /** Two first requests at once make one. */
  private create(by: Actor): Promise<SessionScope> {
    const { userId } = by.principal;
    const underWay = this.creations.get(userId);
    if (underWay) return underWay;
    const creation = this.createFor(by).finally(() => this.creations.delete(userId));
    this.creations.set(userId, creation);
    return creation;
  }

  private async createFor(by: Actor): Promise<SessionScope> {
    // Another request may have just made it.
    const found = await this.find(by.principal);
    if (found) return found;
    const { row } = await this.creating.ensure(by, undefined, by.principal.userId, {});
    return { id: row.id, ownerId: row.owner_id };
  }

  /**
   * Chooses one, or with null the oldest again.
   * @throws {ApiError} forbidden for a key that is for some sessions only
   */
  async choose(principal: Principal, sessionId: string | null): Promise<void> {
    if (principal.sessions !== 'all') {
      throw new ApiError('forbidden', 'This key is for some accounts; what its user chose stays');
    }
    const { kysely } = this.database;
    const user_id = principal.userId;
    const query =
      sessionId === null
        ? kysely.deleteFrom('default_sessions').where('user_id', '=', user_id)
        : kysely
            .insertInto('default_sessions')
            .values({ user_id, session_id: sessionId })
            .onConflict((c) => c.column('user_id').doUpdateSet({ session_id: sessionId }));
    await this.database.write([{ query }]);
  }

  /** Steps that forget a deleted session. */
  forget(sessionId: string): WriteStep[] {
    const { kysely } = this.database;
    return [{ query: kysely.deleteFrom('default_sessions').where('session_id', '=', sessionId) }];
  }

  /** Steps that forget what a user has chosen, who goes. */
  forgetUser(userId: string): WriteStep[] {
    const { kysely } = this.database;
    return [{ query: kysely.deleteFrom('default_sessions').where('user_id', '=', userId) }];
  }

  private async oldest(
    userId: string,
    sessions: Principal['sessions'],
  ): Promise<SessionScope | undefined> {
    const ids = sessions === 'all' ? undefined : [...sessions];
    if (ids?.length === 0) return undefined;
    const row = await this.database.kysely
      .selectFrom('sessions')
      .select(['id', 'owner_id'])
      .where('owner_id', '=', userId)
      .$if(ids !== undefined, (own) => own.where('id', 'in', ids ?? []))
      .orderBy('created_at')
      .orderBy('slot')
      .limit(1)
      .executeTakeFirst();
    return row && { id: row.id, ownerId: row.owner_id };
  }
}

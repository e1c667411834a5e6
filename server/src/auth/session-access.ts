import { EventEmitter } from 'node:events';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Scope } from '../event-log/event-log.js';
import { Wakeup } from '../event-log/wakeup.js';
import type { Principal, Role, SessionScope } from './principal.js';
import { FIRST_USER } from './principal.js';

/** Until roles and shares that could not be read are read again (ms). */
const READ_AGAIN = 1000;

/** In a share: everybody who has an account here. */
export const EVERYBODY = '*';

interface Share {
  ownerId: string;
  users: ReadonlySet<string>;
}

/**
 * Who may use which session. Roles and shares are few and asked for with every request and event, so
 * they are kept in memory and read again when one of them was changed.
 */
export class SessionAccess {
  private roles = new Map<string, Role>();
  private shares = new Map<string, Share>();
  private hasFirstUser = false;
  private loading: Promise<void> = Promise.resolve();
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  /** @param ownerOf the user whose session it is; undefined: there is none */
  constructor(
    private readonly database: Database,
    private readonly ownerOf: (sessionId: string) => Promise<string | undefined>,
    private readonly wakeup = new Wakeup(),
  ) {}

  /** Roles or shares were changed: they are read again, here and in other processes. */
  async changed(): Promise<void> {
    this.wakeup.hint('changed:access');
    await this.load();
  }

  /**
   * Reads roles and shares, and tells open streams that they may be others now. One after another, so
   * that what was read before a change never takes the place of what was read after it. What cannot be
   * read is read again later by itself: the change is made, and must count.
   */
  load(): Promise<void> {
    const turn = this.loading.then(() => this.read());
    this.loading = turn.catch(() => {
      setTimeout(() => void this.load().catch(() => undefined), READ_AGAIN).unref();
    });
    return turn;
  }

  private async read(): Promise<void> {
    const { kysely } = this.database;
    const [users, shares] = await Promise.all([
      kysely.selectFrom('users').select(['id', 'role', 'removed_at']).execute(),
      kysely
        .selectFrom('session_shares')
        .innerJoin('sessions', 'sessions.id', 'session_shares.session_id')
        .select(['session_shares.session_id', 'session_shares.user_id', 'sessions.owner_id'])
        .execute(),
    ]);
    const present = users.filter(({ removed_at }) => removed_at === null);
    this.roles = new Map(present.map(({ id, role }) => [id, role]));
    this.hasFirstUser = users.some(({ id }) => id === FIRST_USER);
    const known = new Map<string, { ownerId: string; users: Set<string> }>();
    for (const { session_id, user_id, owner_id } of shares) {
      const share = known.get(session_id) ?? { ownerId: owner_id, users: new Set() };
      share.users.add(user_id);
      known.set(session_id, share);
    }
    this.shares = known;
    this.emitter.emit('changed');
  }

  /** Calls back when roles, shares or credentials have changed; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.emitter.on('changed', listener);
    return () => this.emitter.off('changed', listener);
  }

  /** Credentials ended: whoever goes on with them must be looked at. */
  credentialsChanged(): void {
    this.emitter.emit('changed');
  }

  /** Undefined: no user, or one who was removed. Before there are users, all belongs to the first. */
  roleOf(userId: string): Role | undefined {
    const isToCome = userId === FIRST_USER && !this.hasFirstUser;
    return this.roles.get(userId) ?? (isToCome ? 'admin' : undefined);
  }

  /** Whether a user may see what happens in a session of this owner. */
  reaches(userId: string, ownerId: string, sessionId: string): boolean {
    const role = this.roleOf(userId);
    return role !== undefined && this.allows({ role, userId }, ownerId, sessionId);
  }

  /**
   * The same for what a user has set up (a webhook). The operator's key sets up in the name of the
   * first user, also when that user is gone.
   */
  reachesForMaker(userId: string, ownerId: string, sessionId: string): boolean {
    return userId === FIRST_USER || this.reaches(userId, ownerId, sessionId);
  }

  /** The session, if it is there and the caller may use it. */
  async find(principal: Principal, id: string): Promise<SessionScope | undefined> {
    const found = await this.look(principal, id);
    return typeof found === 'object' ? found : undefined;
  }

  /** The same; `hidden`: it is there, and the caller may not use it; `free`: there is none. */
  async look(principal: Principal, id: string): Promise<SessionScope | 'hidden' | 'free'> {
    if (principal.sessions !== 'all' && !principal.sessions.has(id)) return 'hidden';
    const ownerId = await this.ownerOf(id);
    if (ownerId === undefined) return 'free';
    return this.allows(principal, ownerId, id) ? { id, ownerId } : 'hidden';
  }

  /** Whether the session may be changed, and not only used: that is for admins and its owner. */
  manages({ role, userId, actions }: Principal, { ownerId }: SessionScope): boolean {
    return actions.has('manage') && (role === 'admin' || ownerId === userId);
  }

  /** All that a caller may see, for lists and streams. */
  async reach(principal: Principal): Promise<Scope[]> {
    if (principal.sessions !== 'all') {
      const ids = [...principal.sessions];
      const found = await Promise.all(ids.map((id) => this.find(principal, id)));
      return found.flatMap((one) => (one ? [{ ownerId: one.ownerId, sessionId: one.id }] : []));
    }
    return this.reachAs(principal);
  }

  /** All that may be told of to what a user has set up; see `reachesForMaker`. */
  reachOfMaker(userId: string): Scope[] {
    const role = userId === FIRST_USER ? 'admin' : this.roleOf(userId);
    return role ? this.reachAs({ role, userId }) : [];
  }

  private reachAs({ role, userId }: Pick<Principal, 'role' | 'userId'>): Scope[] {
    if (role === 'admin') return [{}];
    const shared = [...this.shares]
      .filter(([id, { ownerId }]) => ownerId !== userId && this.isShared(userId, ownerId, id))
      .map(([sessionId, { ownerId }]) => ({ ownerId, sessionId }));
    return [{ ownerId: userId }, ...shared];
  }

  /** With whom a session is shared. */
  sharedWith(sessionId: string): readonly string[] {
    return [...(this.shares.get(sessionId)?.users ?? [])];
  }

  /** The steps that set with whom a session is shared; `load` is to be called when they are done. */
  share(sessionId: string, userIds: readonly string[]): WriteStep[] {
    const rows = userIds.map((user_id) => ({
      session_id: sessionId,
      user_id,
      created_at: Date.now(),
    }));
    const insert = this.database.kysely.insertInto('session_shares').values(rows);
    return [...this.forget(sessionId), ...(rows.length > 0 ? [{ query: insert }] : [])];
  }

  /** The steps that end all sharing of a session. */
  forget(sessionId: string): WriteStep[] {
    const { kysely } = this.database;
    return [{ query: kysely.deleteFrom('session_shares').where('session_id', '=', sessionId) }];
  }

  private allows(
    { role, userId }: Pick<Principal, 'role' | 'userId'>,
    ownerId: string,
    sessionId: string,
  ): boolean {
    if (role === 'admin' || ownerId === userId) return true;
    return this.isShared(userId, ownerId, sessionId);
  }

  private isShared(userId: string, ownerId: string, sessionId: string): boolean {
    const share = this.shares.get(sessionId);
    if (!share || share.ownerId !== ownerId) return false;
    return share.users.has(EVERYBODY) || share.users.has(userId);
  }
}

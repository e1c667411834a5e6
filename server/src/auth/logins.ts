import { randomUUID } from 'node:crypto';
import type { Login } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import { ApiError } from '../http/api-error.js';
import type { Audit } from './audit.js';
import type { Credentials } from './credentials.js';
import { verifyPassword } from './passwords.js';
import type { Actor, Principal } from './principal.js';
import { ACTIONS } from './principal.js';
import { Throttle } from './throttle.js';
import { hashOf, LOGIN_LIFE, newToken } from './tokens.js';
import type { UserRow, Users } from './users.js';

type LoginRow = Selectable<Schema['logins']>;

const QUARTER_HOUR = 15 * 60 * 1000;

/** From where somebody signs in. */
export interface Origin {
  address: string;
  browser: string;
}

/** Signing in with e-mail and password, and the browsers that did. */
export class Logins {
  private readonly byAccount = new Throttle(10, QUARTER_HOUR, 'Too many attempts for this account');
  /** An office may have one address. */
  private readonly byAddress = new Throttle(
    50,
    QUARTER_HOUR,
    'Too many attempts from your address',
  );

  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly audit: Audit,
    private readonly credentials: Credentials,
  ) {}

  /** Counts an attempt to guess a secret. @throws {ApiError} rate_limited */
  attempt(address: string): void {
    this.byAddress.take(address);
  }

  /** What was counted as an attempt was right. */
  succeeded(address: string): void {
    this.byAddress.giveBack(address);
  }

  /**
   * @returns the value of the cookie
   * @throws {ApiError} unauthorized, rate_limited
   */
  async signIn(email: string, password: string, origin: Origin): Promise<string> {
    this.byAccount.take(email);
    this.byAddress.take(origin.address);
    const user = await this.users.byEmail(email);
    const isRight = await verifyPassword(password, user?.password_hash ?? null);
    if (!user || !isRight) throw new ApiError('unauthorized', 'E-mail or password is wrong');
    this.byAccount.forget(email);
    // Many who sign in behind one address in the morning are not guessing.
    this.byAddress.giveBack(origin.address);
    return await this.open(user, origin);
  }

  /** A sign-in of a user who has proved to be it; the value of its cookie. */
  async open({ id: user_id, role }: UserRow, { address, browser }: Origin): Promise<string> {
    const token = newToken('pbl_');
    const now = Date.now();
    const row: LoginRow = {
      id: `lgn_${randomUUID()}`,
      user_id,
      token_hash: hashOf(token),
      address,
      browser: browser.slice(0, 300),
      created_at: now,
      used_at: now,
      expires_at: now + LOGIN_LIFE,
    };
    const principal: Principal = {
      userId: user_id,
      role,
      actions: new Set(ACTIONS),
      sessions: 'all',
      via: 'cookie',
    };
    const { kysely } = this.database;
    await this.database.write([
      { query: kysely.deleteFrom('logins').where('expires_at', '<', now) },
      { query: kysely.insertInto('logins').values(row) },
      this.audit.step({ principal, address }, 'user.signed_in', user_id),
    ]);
    return token;
  }

  /** Of a user, the newest first. */
  async list(
    { userId, loginId }: Principal,
    limit: number,
    before?: readonly [createdAt: number, id: string],
  ): Promise<Login[]> {
    const [createdAt, id] = before ?? [Number.MAX_SAFE_INTEGER, ''];
    const rows = await this.database.kysely
      .selectFrom('logins')
      .selectAll()
      .where('user_id', '=', userId)
      .where('expires_at', '>', Date.now())
      .where((e) =>
        e.or([
          e('created_at', '<', createdAt),
          e.and([e('created_at', '=', createdAt), e('id', '<', id)]),
        ]),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      current: row.id === loginId,
      address: row.address,
      browser: row.browser,
      createdAt: new Date(row.created_at).toISOString(),
      usedAt: new Date(row.used_at).toISOString(),
      expiresAt: new Date(row.expires_at).toISOString(),
    }));
  }

  /** @throws {ApiError} login_not_found */
  async end({ principal }: Actor, id: string): Promise<void> {
    const query = this.database.kysely
      .deleteFrom('logins')
      .where('id', '=', id)
      .where('user_id', '=', principal.userId);
    const { changes } = await this.database.write([{ query }]);
    this.credentials.changed();
    if (!changes[0]) throw new ApiError('login_not_found');
  }
}

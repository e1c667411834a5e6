import { randomUUID } from 'node:crypto';
import type { Login } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import { beyond } from '../db/keyset.js';
import type { Schema } from '../db/schema.js';
import { WriteRefused } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { Audit } from './audit.js';
import type { Credentials } from './credentials.js';
import { verifyPassword } from './passwords.js';
import type { Actor, Principal } from './principal.js';
import { ACTIONS, OPERATOR } from './principal.js';
import { placeOf, Throttle } from './throttle.js';
import { hashOf, LOGIN_LIFE, newToken } from './tokens.js';
import type { UserRow, Users } from './users.js';

type LoginRow = Selectable<Schema['logins']>;

const QUARTER_HOUR = 15 * 60 * 1000;
const WRONG = 'E-mail or password is wrong';
const TOO_MANY = 'Too many attempts for this account';

/** From where somebody signs in. */
export interface Origin {
  address: string;
  browser: string;
}

/** Signing in with e-mail and password, and the browsers that did. */
export class Logins {
  /** Of an account from one address: who guesses elsewhere locks nobody out here. */
  private readonly byAccountHere;
  /** Of an account from all addresses from which it is not used. */
  private readonly byAccount;
  /** An office may have one address. */
  private readonly byAddress;

  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly audit: Audit,
    private readonly credentials: Credentials,
  ) {
    const throttle = (name: string, limit: number, what: string) =>
      new Throttle(limit, QUARTER_HOUR, what, { name, notices: database.notices });
    this.byAccountHere = throttle('account-here', 10, TOO_MANY);
    this.byAccount = throttle('account', 30, TOO_MANY);
    this.byAddress = throttle('address', 50, 'Too many attempts from your address');
  }

  /**
   * What may be an attempt to guess a secret; it counts unless it succeeds.
   * @param account whose password it is, where that is known
   * @throws {ApiError} rate_limited
   */
  async guarded<T>(address: string, work: () => Promise<T>, account?: string): Promise<T> {
    const place = placeOf(address);
    const here = `${account} ${place}`;
    this.byAddress.take(place);
    if (account !== undefined) this.byAccountHere.take(here);
    const result = await work();
    // Many who sign in behind one address in the morning are not guessing.
    this.byAddress.giveBack(place);
    this.byAccountHere.forget(here);
    return result;
  }

  /**
   * @returns the value of the cookie
   * @throws {ApiError} unauthorized, rate_limited
   */
  async signIn(email: string, password: string, origin: Origin): Promise<string> {
    const check = async () => {
      const user = await this.users.byEmail(email);
      const isKnown = user && (await this.isUsedFrom(user.id, origin.address));
      if (!isKnown) this.byAccount.take(email);
      const isRight = await verifyPassword(password, user?.password_hash ?? null);
      if (!user || !isRight) throw new ApiError('unauthorized', WRONG);
      if (!isKnown) this.byAccount.giveBack(email);
      return user;
    };
    return await this.open(await this.guarded(origin.address, check, email), origin);
  }

  /**
   * A sign-in of a user who has proved to be it; the value of its cookie.
   * @throws {ApiError} unauthorized: the user was removed or has another password meanwhile
   */
  async open(user: UserRow, { address, browser }: Origin): Promise<string> {
    const { id: user_id, role } = user;
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
    try {
      await this.database.write([
        this.users.stillAs(user),
        { query: kysely.deleteFrom('logins').where('expires_at', '<', now) },
        { query: kysely.insertInto('logins').values(row) },
        this.audit.step({ principal, address }, 'user.signed_in', user_id),
      ]);
    } catch (error) {
      if (error instanceof WriteRefused) throw new ApiError('unauthorized', WRONG);
      throw error;
    }
    return token;
  }

  /** Notes that a browser was signed in with the server's own key. */
  async noteOperator({ address }: Origin): Promise<void> {
    const actor = { principal: OPERATOR, address };
    await this.database.write([this.audit.step(actor, 'user.signed_in', null)]);
  }

  private async isUsedFrom(userId: string, address: string): Promise<boolean> {
    const rows = await this.database.kysely
      .selectFrom('logins')
      .select('address')
      .distinct()
      .where('user_id', '=', userId)
      .where('expires_at', '>', Date.now())
      .execute();
    return rows.some((row) => placeOf(row.address) === placeOf(address));
  }

  /** Of a user, the newest first. */
  async list({ userId, loginId }: Principal, limit: number, before?: ListPlace): Promise<Login[]> {
    const rows = await this.database.kysely
      .selectFrom('logins')
      .selectAll()
      .where('user_id', '=', userId)
      .where('expires_at', '>', Date.now())
      .where(beyond(before, 'newest-first'))
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

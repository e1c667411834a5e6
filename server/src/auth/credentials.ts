import type { Selectable } from 'kysely';
import { BoundedMap } from '../chats/bounded-map.js';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { BearerTokens } from './bearer-tokens.js';
import type { InstanceKey } from './instance-key.js';
import type { Action, AuthenticatedRequest, Principal } from './principal.js';
import { ACTIONS, OPERATOR } from './principal.js';
import type { SessionAccess } from './session-access.js';
import { hashOf, LOGIN_LIFE } from './tokens.js';

export const COOKIE = 'patchbay';

export type Asking = Pick<AuthenticatedRequest, 'headers' | 'cookies'>;

const ALL: ReadonlySet<Action> = new Set(ACTIONS);

/** Keys and cookies that are remembered, and for how long (ms); a change forgets them all. */
const REMEMBERED = 10_000;
const REMEMBERED_FOR = 60_000;
/** The last use of a key or sign-in is written at most this often (ms). */
const NOTED_EVERY = 60_000;

/** What a key or cookie stands for; the user's role is asked for anew each time. */
interface Known {
  principal: Omit<Principal, 'role'>;
  readAt: number;
  notedAt: number;
}

/** Finds who asks by what the request brings. Roles, keys and sign-ins that ended count at once. */
export class Credentials {
  private known = new BoundedMap<Known>(REMEMBERED);
  private version = 0;

  constructor(
    private readonly database: Database,
    private readonly instanceKey: InstanceKey,
    private readonly bearers: BearerTokens,
    private readonly access: SessionAccess,
    private readonly wakeup: Wakeup,
  ) {}

  /** Undefined: nobody whom we know. A key counts before the cookie. */
  async identify({ headers, cookies }: Asking): Promise<Principal | undefined> {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const key = headers['x-api-key'] ?? bearer;
    if (typeof key === 'string') {
      if (this.instanceKey.matches(key)) return OPERATOR;
      const byKey = key === bearer && key.includes('.') ? await this.byBearer(key) : undefined;
      const found = byKey ?? (await this.byHash('key', hashOf(key)));
      if (found) return found;
    }
    const cookie = cookies[COOKIE];
    if (!cookie) return undefined;
    const expiresAt = this.instanceKey.cookieExpiry(cookie);
    if (expiresAt !== undefined) {
      const operatorProof = this.instanceKey.proof;
      return { ...OPERATOR, via: 'cookie', expiresAt, operatorProof };
    }
    return await this.byHash('login', hashOf(cookie));
  }

  /** The same caller some time later, as long as the credentials still stand. */
  async renew(principal: Principal): Promise<Principal | undefined> {
    const { via, expiresAt, keyId, loginId } = principal;
    if (expiresAt !== undefined && expiresAt <= Date.now()) return undefined;
    if (via === 'instance-key') return principal;
    if (!(await this.stands({ keyId, loginId }))) return undefined;
    return this.asUser(principal);
  }

  /** Keys, sign-ins or users were changed: all are looked up again, also by those who listen. */
  changed(): void {
    this.wakeup.hint('changed:access');
    this.forget();
  }

  /** The same where another process has changed them. */
  forget(): void {
    this.version += 1;
    this.known = new BoundedMap(REMEMBERED);
    this.access.credentialsChanged();
  }

  private async byBearer(token: string): Promise<Principal | undefined> {
    const claims = await this.bearers.read(token);
    if (!claims || !(await this.stands(claims.from))) return undefined;
    const { sub, exp, actions, sessions, from, operator } = claims;
    return this.asUser({
      userId: sub,
      actions: new Set(actions),
      sessions: sessions === null ? 'all' : new Set(sessions),
      via: 'jwt',
      expiresAt: exp * 1000,
      ...from,
      ...(operator && { isOperator: true, operatorProof: operator }),
    });
  }

  /** Whether the key or sign-in behind somebody is still there. */
  private async stands({
    keyId,
    loginId,
  }: {
    keyId?: string | undefined;
    loginId?: string | undefined;
  }): Promise<boolean> {
    if (keyId !== undefined)
      return (await this.remembered(`key|${keyId}`, () => this.keyBy('id', keyId))) !== undefined;
    if (loginId === undefined) return true;
    return (
      (await this.remembered(`login|${loginId}`, () => this.loginBy('id', loginId))) !== undefined
    );
  }

  private async byHash(kind: 'key' | 'login', hash: string): Promise<Principal | undefined> {
    const known = await this.remembered(hash, () =>
      kind === 'key' ? this.keyBy('key_hash', hash) : this.loginBy('token_hash', hash),
    );
    if (!known) return undefined;
    const principal = this.asUser(known.principal);
    if (principal) this.noteUse(known, principal);
    return principal;
  }

  /** With the role that the user has now; undefined for one who was removed. */
  private asUser(principal: Omit<Principal, 'role'>): Principal | undefined {
    const { expiresAt, isOperator, operatorProof } = principal;
    if (expiresAt !== undefined && expiresAt <= Date.now()) return undefined;
    if (isOperator && operatorProof !== this.instanceKey.proof) return undefined;
    const role = isOperator ? OPERATOR.role : this.access.roleOf(principal.userId);
    return role && { ...principal, role };
  }

  private async remembered(
    place: string,
    read: () => Promise<Known | undefined>,
  ): Promise<Known | undefined> {
    const known = this.known.get(place);
    if (known && known.readAt + REMEMBERED_FOR > Date.now()) return known;
    const { version } = this;
    const found = await read();
    // What was changed while it was read is read again by the next who asks.
    if (found && version === this.version) this.known.set(place, found);
    return found;
  }

  private async keyBy(column: 'id' | 'key_hash', value: string): Promise<Known | undefined> {
    const row = await this.database.kysely
      .selectFrom('api_keys')
      .selectAll()
      .where(column, '=', value)
      .where('revoked_at', 'is', null)
      .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', Date.now())]))
      .executeTakeFirst();
    return row && { principal: ofKey(row), readAt: Date.now(), notedAt: row.used_at ?? 0 };
  }

  private async loginBy(column: 'id' | 'token_hash', value: string): Promise<Known | undefined> {
    const row = await this.database.kysely
      .selectFrom('logins')
      .selectAll()
      .where(column, '=', value)
      .where('expires_at', '>', Date.now())
      .executeTakeFirst();
    return row && { principal: ofLogin(row), readAt: Date.now(), notedAt: row.used_at };
  }

  /** A request does not wait for it, and does not fail when it cannot be written. */
  private noteUse(known: Known, { keyId, loginId }: Principal): void {
    const now = Date.now();
    if (known.notedAt + NOTED_EVERY > now) return;
    known.notedAt = now;
    const { kysely } = this.database;
    const query = keyId
      ? kysely.updateTable('api_keys').set({ used_at: now }).where('id', '=', keyId)
      : kysely
          .updateTable('logins')
          .set({ used_at: now, expires_at: now + LOGIN_LIFE })
          .where('id', '=', loginId ?? '');
    this.database.write([{ query }]).catch(() => undefined);
  }
}

function ofKey(row: Selectable<Schema['api_keys']>): Omit<Principal, 'role'> {
  return {
    userId: row.user_id,
    actions: new Set(JSON.parse(row.actions) as Action[]),
    sessions: row.sessions === null ? 'all' : new Set(JSON.parse(row.sessions) as string[]),
    via: 'key',
    keyId: row.id,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  };
}

function ofLogin(row: Selectable<Schema['logins']>): Omit<Principal, 'role'> {
  return {
    ...{ userId: row.user_id, actions: ALL, sessions: 'all', via: 'cookie', loginId: row.id },
  } as Omit<Principal, 'role'>;
}

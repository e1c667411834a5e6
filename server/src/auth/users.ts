import { randomUUID } from 'node:crypto';
import type { Role, User } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import { beyond } from '../db/keyset.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { Audit } from './audit.js';
import type { Credentials } from './credentials.js';
import type { InstanceKey } from './instance-key.js';
import { hashPassword, verifyPassword } from './passwords.js';
import type { Actor } from './principal.js';
import { FIRST_USER } from './principal.js';
import type { SessionAccess } from './session-access.js';

export type UserRow = Selectable<Schema['users']>;

export interface NewUser {
  email: string;
  name: string;
  password: string;
}

interface Parts {
  database: Database;
  instanceKey: InstanceKey;
  access: SessionAccess;
  credentials: Credentials;
  audit: Audit;
}

/** The people who work with this server. */
export class Users {
  private readonly leavers: ((userId: string) => WriteStep[])[] = [];

  constructor(private readonly parts: Parts) {}

  /** Adds what another folder ends when a user is removed; it is done in the same unit. */
  onRemove(end: (userId: string) => WriteStep[]): void {
    this.leavers.push(end);
  }

  private get kysely() {
    return this.parts.database.kysely;
  }

  /** Whether nobody was here yet. */
  async none(): Promise<boolean> {
    return !(await this.kysely.selectFrom('users').select('id').limit(1).executeTakeFirst());
  }

  /** Those who were removed are not found. */
  async find(id: string): Promise<UserRow | undefined> {
    return await this.kysely
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
  }

  /** @throws {ApiError} user_not_found */
  async get(id: string): Promise<UserRow> {
    const row = await this.find(id);
    if (!row) throw new ApiError('user_not_found', `There is no user "${id}"`);
    return row;
  }

  async byEmail(email: string): Promise<UserRow | undefined> {
    return await this.kysely
      .selectFrom('users')
      .selectAll()
      .where('email', '=', email)
      .executeTakeFirst();
  }

  /** In the order in which they came. */
  async list(limit: number, after?: ListPlace): Promise<UserRow[]> {
    return await this.kysely
      .selectFrom('users')
      .selectAll()
      .where('removed_at', 'is', null)
      .where(beyond(after, 'oldest-first'))
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** The first admin, to whom belongs what is here already. */
  async setUp(user: NewUser, address: string): Promise<string> {
    const { database, audit } = this.parts;
    if (!(await this.none())) throw new ApiError('already_set_up');
    const row = await newRow(FIRST_USER, user, 'admin');
    const query = this.kysely
      .insertInto('users')
      .values(row)
      .onConflict((c) => c.doNothing());
    const actor = actorOf(row.id, 'admin', address);
    await refusedAs('already_set_up', () =>
      database.write([
        { query, whenUnchanged: 'fail' },
        audit.step(actor, 'server.set_up', row.id, { email: user.email }),
      ]),
    );
    await this.changed();
    return row.id;
  }

  /**
   * The steps that let somebody in whom a link invites.
   * @param using the step that uses the link up
   */
  async join(user: NewUser, role: Role, address: string, using: WriteStep): Promise<string> {
    const { database, audit } = this.parts;
    if (await this.byEmail(user.email)) throw new ApiError('email_taken');
    const row = await newRow(`usr_${randomUUID()}`, user, role);
    const query = this.kysely
      .insertInto('users')
      .values(row)
      .onConflict((c) => c.doNothing());
    await refusedAs('link_not_usable', () =>
      database.write([
        using,
        { query, whenUnchanged: 'fail' },
        audit.step(actorOf(row.id, role, address), 'user.joined', row.id, {
          email: user.email,
          role,
        }),
      ]),
    );
    await this.changed();
    return row.id;
  }

  /** @throws {ApiError} user_not_found, last_admin */
  async change(
    actor: Actor,
    id: string,
    change: { role?: Role | undefined; name?: string | undefined },
  ) {
    const { database, audit } = this.parts;
    const row = await this.get(id);
    const set = {
      ...(change.name !== undefined && { name: change.name }),
      ...(change.role !== undefined && { role: change.role }),
    };
    if (Object.keys(set).length === 0) return row;
    const demoted = row.role === 'admin' && change.role === 'agent';
    const query = this.kysely
      .updateTable('users')
      .set(set)
      .where('id', '=', id)
      .$if(demoted, (update) => update.where(ADMINS, '>', 1));
    await refusedAs('last_admin', () =>
      database.write([
        { query, whenUnchanged: 'fail' },
        ...(demoted ? [this.withdrawLinks(id)] : []),
        audit.step(actor, 'user.changed', id, change),
      ]),
    );
    await this.changed();
    return await this.get(id);
  }

  /**
   * Takes away every way in. The accounts stay with the id of who is gone, for admins to share or
   * delete.
   * @throws {ApiError} user_not_found, last_admin
   */
  async remove(actor: Actor, id: string): Promise<void> {
    const { database, audit } = this.parts;
    const { role, name } = await this.get(id);
    const now = Date.now();
    const query = this.kysely
      .updateTable('users')
      .set({ removed_at: now, email: null, password_hash: null, whatsapp_phone: null })
      .where('id', '=', id)
      .$if(role === 'admin', (update) => update.where(ADMINS, '>', 1));
    await refusedAs('last_admin', () =>
      database.write([
        { query, whenUnchanged: 'fail' },
        ...this.endings(id),
        this.withdrawLinks(id),
        ...this.leavers.flatMap((end) => end(id)),
        { query: this.kysely.deleteFrom('session_shares').where('user_id', '=', id) },
        {
          query: this.kysely
            .updateTable('api_keys')
            .set({ revoked_at: now })
            .where('user_id', '=', id)
            .where('revoked_at', 'is', null),
        },
        audit.step(actor, 'user.removed', id, { name }),
      ]),
    );
    await this.changed();
  }

  /** The user's own choice of a password; ends the other sign-ins. */
  async changePassword(actor: Actor, current: string, next: string): Promise<void> {
    const { database, audit } = this.parts;
    const { userId, loginId } = actor.principal;
    const row = await this.get(userId);
    if (!(await verifyPassword(current, row.password_hash))) {
      throw new ApiError('forbidden', WRONG_PASSWORD);
    }
    const step = await this.passwordStep(userId, next);
    await refusedAs(
      'forbidden',
      () =>
        database.write([
          this.stillAs(row),
          step,
          ...this.endings(userId, loginId),
          audit.step(actor, 'user.password_changed', userId),
        ]),
      WRONG_PASSWORD,
    );
    await this.changed();
  }

  /** By a link from an admin; ends all sign-ins. */
  async resetPassword(userId: string, password: string, address: string, using: WriteStep) {
    const { database, audit } = this.parts;
    const row = await this.get(userId);
    const step = await this.passwordStep(userId, password);
    await refusedAs('link_not_usable', () =>
      database.write([
        using,
        this.stillAs(row),
        step,
        ...this.endings(userId),
        audit.step(actorOf(userId, row.role, address), 'user.password_reset', userId),
      ]),
    );
    await this.changed();
  }

  /** What users say about themselves. */
  async describe(
    id: string,
    set: Partial<Pick<UserRow, 'name' | 'whatsapp_phone' | 'onboarded'>>,
  ): Promise<void> {
    await this.get(id);
    if (Object.keys(set).length === 0) return;
    const query = this.kysely.updateTable('users').set(set).where('id', '=', id);
    await this.parts.database.write([{ query }]);
  }

  /** Ends all sign-ins of the caller; of the operator also what the server's key has given out. */
  async signOutEverywhere(actor: Actor): Promise<void> {
    const { database, audit, credentials, instanceKey } = this.parts;
    const { userId, isOperator } = actor.principal;
    const note = audit.step(actor, 'user.signed_out_everywhere', userId);
    const operators = isOperator ? instanceKey.signingOut(database) : undefined;
    await database.write([...this.endings(userId), ...(operators ? [operators.step] : []), note]);
    operators?.done();
    credentials.changed();
  }

  /**
   * The step that refuses its unit when the user is gone, or has another password, since the row was
   * read: working on a password takes long enough for that.
   */
  stillAs({ id, password_hash }: UserRow): WriteStep {
    const query = this.kysely
      .updateTable('users')
      .set((e) => ({ onboarded: e.ref('onboarded') }))
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .where('password_hash', 'is not distinct from', password_hash);
    return { query, whenUnchanged: 'fail' };
  }

  /** What somebody who is no admin any more has let others in with. */
  private withdrawLinks(userId: string): WriteStep {
    const query = this.kysely
      .deleteFrom('one_time_links')
      .where('created_by', '=', userId)
      .where('used_at', 'is', null);
    return { query };
  }

  private endings(userId: string, but?: string): WriteStep[] {
    const { kysely } = this;
    const logins = kysely
      .deleteFrom('logins')
      .where('user_id', '=', userId)
      .$if(but !== undefined, (all) => all.where('id', '!=', but ?? ''));
    const links = kysely.deleteFrom('one_time_links').where('user_id', '=', userId);
    return [{ query: logins }, { query: links }];
  }

  private async passwordStep(userId: string, password: string): Promise<WriteStep> {
    const password_hash = await hashPassword(password);
    const query = this.kysely.updateTable('users').set({ password_hash }).where('id', '=', userId);
    return { query, whenUnchanged: 'fail' };
  }

  private async changed(): Promise<void> {
    this.parts.credentials.changed();
    await this.parts.access.changed();
  }
}

const WRONG_PASSWORD = 'current: this is not your password';
const ADMINS = sql<number>`(select count(*) from users where role = 'admin' and removed_at is null)`;

async function newRow(id: string, user: NewUser, role: Role): Promise<UserRow> {
  const { email, name, password } = user;
  return {
    ...{ id, email, name, role },
    password_hash: await hashPassword(password),
    whatsapp_phone: null,
    onboarded: 0,
    created_at: Date.now(),
    removed_at: null,
  };
}

/** Somebody who has just come in. */
function actorOf(userId: string, role: Role, address: string): Actor {
  const principal = { userId, role, actions: new Set<never>(), sessions: 'all', via: 'cookie' };
  return { principal: principal as Actor['principal'], address };
}

/** What it means when the condition of a unit no longer holds. */
async function refusedAs<T>(
  code: 'already_set_up' | 'last_admin' | 'link_not_usable' | 'forbidden',
  work: () => Promise<T>,
  message?: string,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WriteRefused) throw new ApiError(code, message);
    throw error;
  }
}

export function toUser({ id, name, email, role, created_at }: UserRow): User {
  return { id, name, email, role, createdAt: new Date(created_at).toISOString() };
}

import { randomUUID } from 'node:crypto';
import type { Invitation, Invite, LinkPurpose, OneTimeLink, UseLink } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import { beyond } from '../db/keyset.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { Audit } from './audit.js';
import type { Actor } from './principal.js';
import { hashOf, newToken } from './tokens.js';
import type { Users } from './users.js';

type LinkRow = Selectable<Schema['one_time_links']>;

const DAY = 24 * 60 * 60 * 1000;

/** Links that let somebody in once: invitations, and resets of a password. */
export class OneTimeLinks {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly audit: Audit,
  ) {}

  async invite(actor: Actor, { role, email, days = 7 }: Invite): Promise<OneTimeLink> {
    if (email && (await this.users.byEmail(email))) throw new ApiError('email_taken');
    const { row, token } = newLink(actor, { kind: 'invitation', role, email, life: days * DAY });
    const note = this.audit.step(actor, 'invitation.created', row.id, { role, email });
    await this.database.write([this.insert(row), note]);
    return toLink(row, token);
  }

  /** A new one takes the place of those before. @throws {ApiError} user_not_found */
  async reset(actor: Actor, userId: string): Promise<OneTimeLink> {
    const { role } = await this.users.get(userId);
    const { row, token } = newLink(actor, { kind: 'reset', role, userId, life: DAY });
    const { kysely } = this.database;
    await this.database.write([
      { query: kysely.deleteFrom('one_time_links').where('user_id', '=', userId) },
      this.insert(row),
      this.audit.step(actor, 'reset_link.created', userId),
    ]);
    return toLink(row, token);
  }

  /** Invitations that can still be used, the newest first. */
  async invitations(limit: number, before?: ListPlace): Promise<Invitation[]> {
    const rows = await this.database.kysely
      .selectFrom('one_time_links')
      .selectAll()
      .where('kind', '=', 'invitation')
      .where('used_at', 'is', null)
      .where('expires_at', '>', Date.now())
      .where(beyond(before, 'newest-first'))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      role: row.role,
      email: row.email,
      createdBy: row.created_by,
      createdAt: new Date(row.created_at).toISOString(),
      expiresAt: new Date(row.expires_at).toISOString(),
    }));
  }

  /** @throws {ApiError} invitation_not_found */
  async revoke(actor: Actor, id: string): Promise<void> {
    const query = this.database.kysely
      .deleteFrom('one_time_links')
      .where('id', '=', id)
      .where('kind', '=', 'invitation')
      .where('used_at', 'is', null);
    const { applied } = await this.database.write([
      { query, whenUnchanged: 'stop' },
      this.audit.step(actor, 'invitation.revoked', id),
    ]);
    if (!applied) throw new ApiError('invitation_not_found');
  }

  /** @throws {ApiError} link_not_usable */
  async purpose(token: string): Promise<LinkPurpose> {
    const row = await this.find(token);
    const user = row.user_id ? await this.users.get(row.user_id) : undefined;
    return {
      kind: row.kind,
      role: user?.role ?? row.role,
      email: user?.email ?? row.email,
      name: user?.name ?? null,
      expiresAt: new Date(row.expires_at).toISOString(),
    };
  }

  /**
   * Makes the user, or sets the password.
   * @returns the user's id
   * @throws {ApiError} link_not_usable, email_taken, invalid_request
   */
  async use({ token, password, ...given }: UseLink, address: string): Promise<string> {
    const row = await this.find(token);
    const using = this.using(row);
    if (row.kind === 'reset') {
      const userId = row.user_id ?? '';
      await this.users.resetPassword(userId, password, address, using);
      return userId;
    }
    const { email = row.email ?? undefined, name } = given;
    if (!email || !name) {
      throw new ApiError('invalid_request', 'An invitation is accepted with e-mail and name');
    }
    if (row.email && row.email !== email) {
      throw new ApiError('invalid_request', 'email: the invitation is for another address');
    }
    return await this.users.join({ email, name, password }, row.role, address, using);
  }

  private using({ id }: LinkRow): WriteStep {
    const now = Date.now();
    const query = this.database.kysely
      .updateTable('one_time_links')
      .set({ used_at: now })
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now);
    return { query, whenUnchanged: 'fail' };
  }

  private async find(token: string): Promise<LinkRow> {
    const row = await this.database.kysely
      .selectFrom('one_time_links')
      .selectAll()
      .where('token_hash', '=', hashOf(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', Date.now())
      .executeTakeFirst();
    if (!row) throw new ApiError('link_not_usable');
    return row;
  }

  private insert(row: LinkRow): WriteStep {
    return { query: this.database.kysely.insertInto('one_time_links').values(row) };
  }
}

function newLink(
  { principal }: Actor,
  link: Pick<LinkRow, 'kind' | 'role'> & {
    email?: string | undefined;
    userId?: string;
    life: number;
  },
): { row: LinkRow; token: string } {
  const token = newToken('pbj_');
  const now = Date.now();
  const row = {
    id: `lnk_${randomUUID()}`,
    kind: link.kind,
    token_hash: hashOf(token),
    user_id: link.userId ?? null,
    email: link.email ?? null,
    role: link.role,
    created_by: principal.userId,
    created_at: now,
    expires_at: now + link.life,
    used_at: null,
  };
  return { row, token };
}

/** After the `#`, so that no server and no proxy on the way writes it down. */
function toLink({ id, expires_at }: LinkRow, token: string): OneTimeLink {
  return { id, token, path: `/join#${token}`, expiresAt: new Date(expires_at).toISOString() };
}

import type { AuditAction, AuditEntry } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Actor } from './principal.js';

/** What was done to users, keys, shares and accounts, by whom, when and from where. */
export class Audit {
  constructor(private readonly database: Database) {}

  /**
   * The step that notes something; it belongs into the unit of the change itself.
   * @param details without secrets
   */
  step(actor: Actor, action: AuditAction, target: string | null, details: object = {}): WriteStep {
    const { principal, address } = actor;
    const query = this.database.kysely.insertInto('audit').values({
      at: Date.now(),
      user_id: principal.userId,
      // The operator's key in a browser is not that admin's own sign-in.
      via: principal.isOperator ? 'instance-key' : principal.via,
      key_id: principal.keyId ?? null,
      action,
      target,
      address,
      details: JSON.stringify(details),
    });
    return { query };
  }

  /** Newest first, before a number. */
  async list(
    filter: {
      action?: AuditAction | undefined;
      userId?: string | undefined;
      target?: string | undefined;
    },
    limit: number,
    before: number,
  ): Promise<AuditEntry[]> {
    const rows = await this.database.kysely
      .selectFrom('audit')
      .leftJoin('users', 'users.id', 'audit.user_id')
      .selectAll('audit')
      .select('users.name')
      .where('number', '<', before)
      .$if(filter.action !== undefined, (all) => all.where('action', '=', filter.action ?? ''))
      .$if(filter.userId !== undefined, (all) => all.where('user_id', '=', filter.userId ?? ''))
      .$if(filter.target !== undefined, (all) => all.where('target', '=', filter.target ?? ''))
      .orderBy('number', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      number: row.number,
      at: new Date(row.at).toISOString(),
      userId: row.user_id,
      userName: row.name,
      via: row.via as AuditEntry['via'],
      keyId: row.key_id,
      action: row.action as AuditAction,
      target: row.target,
      address: row.address,
      details: JSON.parse(row.details) as Record<string, unknown>,
    }));
  }

  /** Deletes the oldest; see `retention/`. */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const old = kysely
      .selectFrom('audit')
      .select('number')
      .where('at', '<', moment)
      .orderBy('number')
      .limit(limit);
    const query = kysely.deleteFrom('audit').where('number', 'in', old);
    const { changes } = await this.database.write([{ query }]);
    return changes[0] ?? 0;
  }
}

import type { KnowledgeAdmin } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { personOf } from '../../chats/chat-address.js';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import { HEAD } from '../../event-log/head.js';
import { isLidJid, phoneOf } from '../../whatsapp/jid.js';

type AdminRow = Selectable<Schema['knowledge_admins']>;

/** A person as an event names them: one name, and the other where it is known. */
export interface Person {
  jid: string | null;
  altJid?: string | undefined;
}

/** Marks that the list was begun, so that an emptied one stays empty. */
const BEGUN = 'knowledge_admins';

/** Whose star approves. The list is one for the whole server, as the team is one. */
export class KnowledgeAdmins {
  constructor(private readonly database: Database) {}

  /** At the very first start: what the environment says. Later the list belongs to the pages. */
  async begin(initial: readonly string[]): Promise<void> {
    const { kysely } = this.database;
    const begun = kysely
      .insertInto('settings')
      .values({ key: BEGUN, value: '1' })
      .onConflict((c) => c.doNothing());
    const rows = await this.named(initial);
    await this.database.write([
      { query: begun, whenUnchanged: 'stop' },
      ...rows.map((row) => this.insert(row, 0)),
    ]);
  }

  /** The list as each event finds it. */
  async over(): Promise<AdminsOverTime> {
    const rows = await this.database.kysely.selectFrom('knowledge_admins').selectAll().execute();
    return new AdminsOverTime(rows);
  }

  /** The list as it is now. */
  async list(): Promise<KnowledgeAdmin[]> {
    const rows = await this.current();
    const names = await this.names(rows);
    return rows.map(({ jid, alt_jid }) => ({
      jid,
      phone: phoneOf(jid) ?? (alt_jid ? (phoneOf(alt_jid) ?? null) : null),
      name: names.get(jid) ?? (alt_jid ? (names.get(alt_jid) ?? null) : null),
    }));
  }

  /**
   * Steps that make this the list, for what happens from now on.
   * @param given phone numbers or jids
   * @throws ApiError `invalid_chat`
   */
  async set(given: readonly string[]): Promise<WriteStep[]> {
    const wanted = await this.named(given);
    const current = await this.current();
    const gone = current.filter(
      (row) => !wanted.some((one) => one.jid === row.jid && one.alt_jid === row.alt_jid),
    );
    const fresh = wanted.filter(
      (one) => !current.some((row) => one.jid === row.jid && one.alt_jid === row.alt_jid),
    );
    const end = gone.map(({ number }) => ({
      query: this.database.kysely
        .updateTable('knowledge_admins')
        .set({ until_position: HEAD })
        .where('number', '=', number),
    }));
    return [...end, ...fresh.map((row) => this.insert(row, HEAD))];
  }

  private insert(row: Pick<AdminRow, 'jid' | 'alt_jid'>, since: number | typeof HEAD): WriteStep {
    const values = { ...row, since_position: since, until_position: null };
    return { query: this.database.kysely.insertInto('knowledge_admins').values(values) };
  }

  private async current(): Promise<AdminRow[]> {
    return await this.database.kysely
      .selectFrom('knowledge_admins')
      .selectAll()
      .where('until_position', 'is', null)
      .orderBy('number')
      .execute();
  }

  /** Both names of each, where some account knows them; nobody twice. */
  private async named(given: readonly string[]) {
    const jids = [...new Set(given.map(personOf))];
    if (jids.length === 0) return [];
    const pairs = await this.database.kysely
      .selectFrom('lid_mappings')
      .select(['lid', 'pn'])
      .where((e) => e.or([e('lid', 'in', jids), e('pn', 'in', jids)]))
      .execute();
    const found = new Map<string, { jid: string; alt_jid: string | null }>();
    for (const jid of jids) {
      const pair = pairs.find((one) => (isLidJid(jid) ? one.lid : one.pn) === jid);
      const main = pair?.pn ?? jid;
      found.set(main, { jid: main, alt_jid: pair?.lid ?? null });
    }
    return [...found.values()];
  }

  private async names(rows: AdminRow[]): Promise<Map<string, string>> {
    const jids = rows.flatMap(({ jid, alt_jid }) => (alt_jid ? [jid, alt_jid] : [jid]));
    if (jids.length === 0) return new Map();
    const known = await this.database.kysely
      .selectFrom('contacts')
      .select(['jid', 'name', 'push_name'])
      .where('jid', 'in', jids)
      .execute();
    return new Map(
      known.flatMap(({ jid, name, push_name }) => {
        const shown = name ?? push_name;
        return shown ? [[jid, shown] as const] : [];
      }),
    );
  }
}

/** The list with the positions between which each entry holds. */
export class AdminsOverTime {
  constructor(private readonly rows: readonly AdminRow[]) {}

  /** Whether a person was on the list when an event came. */
  include({ jid, altJid }: Person, position: number): boolean {
    const names = [jid, altJid].filter((name) => typeof name === 'string');
    return this.rows.some(
      (row) =>
        row.since_position < position &&
        (row.until_position === null || position <= row.until_position) &&
        names.some((name) => name === row.jid || name === row.alt_jid),
    );
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KyselyPlugin } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { SessionAccess } from './session-access.js';

/** A read of the database whose answer comes when the test lets it. */
interface Held {
  go(): void;
  fail(error: Error): void;
}

describe.each(databases)('roles and shares in memory, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-access-'));
  let empty: Awaited<ReturnType<typeof emptyDatabase>>;
  let database: Database;
  let held: Held[] | undefined;
  let access: SessionAccess;

  beforeAll(async () => {
    empty = await emptyDatabase(name);
    const logger = pino({ level: 'silent' });
    database = await Database.open({ url: empty.url, storageRoot: folder, logger });
    const late: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        const mine = held;
        if (mine) {
          await new Promise<void>((resolve, reject) => {
            mine.push({ go: resolve, fail: reject });
          });
        }
        return result;
      },
    };
    const kysely = database.kysely.withPlugin(late);
    const slow = Object.assign(Object.create(database) as Database, { kysely });
    access = new SessionAccess(slow, async () => 'owner');
    await role('eve', 'admin');
    await access.load();
  });
  afterAll(async () => {
    await database.close();
    await empty.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const role = async (id: string, is: 'admin' | 'agent') => {
    const { kysely } = database;
    const row = { id, email: null, name: id, role: is, password_hash: null, whatsapp_phone: null };
    const query = kysely
      .insertInto('users')
      .values({ ...row, onboarded: 0, created_at: 1, removed_at: null })
      .onConflict((c) => c.column('id').doUpdateSet({ role: is }));
    await database.write([{ query }]);
  };
  const waiting = (count: number) =>
    eventually(`${count} reads`, () => ((held?.length ?? 0) >= count ? true : undefined));

  it('what was read before a change does not take the place of what was read after it', async () => {
    const first: Held[] = [];
    held = first;
    const before = access.load();
    await waiting(2);
    await role('eve', 'agent');
    held = undefined;
    const after = access.load();
    for (const read of first) read.go();
    await Promise.all([before, after]);
    expect(access.roleOf('eve')).toBe('agent');
  });

  it('a change that could not be read at once counts as soon as it can', async () => {
    await role('eve', 'admin');
    await access.load();
    const reads: Held[] = [];
    held = reads;
    const failing = access.load();
    await waiting(2);
    await role('eve', 'agent');
    held = undefined;
    for (const read of reads) read.fail(new Error('the database is away'));
    await expect(failing).rejects.toThrow('away');
    await eventually('the role is read', () =>
      access.roleOf('eve') === 'agent' ? true : undefined,
    );
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { RemoteApi } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { environmentFor } from '../testing/test-server.js';
import { BulkCalls, Recipients } from './testing/bulk-calls.js';

const ROWS = 60;

/** The server as a process of its own, killed while a bulk send is under way. */
describe.each(longOn('sqlite'))('a bulk send and SIGKILL on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bulk-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let running: TestProcess;
  let own: string;
  let people: Recipients;
  const bulk = new BulkCalls(() => server);

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
      ...environment,
    });
    running = started.process;
    server = new RemoteApi(started.url);
  };
  const died = () =>
    eventually('it died', () => running.printed.includes('crash point') || undefined, 60_000);

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    own = await sandbox.phone('Shop');
    people = await Recipients.make(sandbox, ROWS);
    // Dies when a row was accepted, before anybody was told.
    await start({ PATCHBAY_CRASH_AT: 'after-accept:20' });
    await server.linked(sandbox, 'shop', own);
  }, 60_000);
  afterAll(async () => {
    await running.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('sends each row once, whenever it dies', async () => {
    const { id } = await bulk.make('shop', {
      name: 'Everybody',
      text: 'Hello {{name}}',
      rows: people.phones.map((phone, n) => ({ phone, values: { name: `${n}` } })),
    });
    await died();
    // Dies before it has noted what the log tells of some rows.
    await start({ PATCHBAY_CRASH_AT: 'before-cursor-advance:8' });
    await died();
    await start();
    const done = await bulk.reaches(id, 'done', 60_000);
    expect(done.counts).toMatchObject({ pending: 0, queued: 0, failed: 0, cancelled: 0 });
    await bulk.reaches(id, ({ counts }) => counts.delivered === ROWS, 30_000);
    expect(await people.got(own)).toEqual(people.phones.map((_, n) => [`Hello ${n}`]));
  }, 150_000);
});

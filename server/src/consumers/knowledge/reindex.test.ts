import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReindexState } from '@patchbay/contract';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../db/database.js';
import { emptyDatabase, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';
import type { KnowledgeDocument } from './search/knowledge-index.js';
import { keptRow } from './search/testing/kept-row.js';

const MESSAGES = 420;
const BEGIN = Date.UTC(2026, 0, 1);

/** Messages that are kept and approved, and not in the index: as after a new one was chosen. */
describe.each(longOn('sqlite'))('making the index anew on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-reindex-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let process: TestProcess;

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, folder),
      ...(database.url && { DATABASE_URL: database.url }),
      ...environment,
    });
    process = started.process;
    server = new RemoteApi(started.url);
  };
  const ask = async (method: string) =>
    (await server.call<ReindexState>(method, '/api/knowledge/reindex')).body;
  const indexed = async () => {
    const { body } = await server.call<{ tags: { tag: string; count: number }[] }>(
      'GET',
      '/api/search/tags',
    );
    return body.tags.find(({ tag }) => tag === 'all')?.count ?? 0;
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    const logger = pino({ level: 'silent' });
    const store = await Database.open({ url: database.url, storageRoot: folder, logger });
    await store.write(Array.from({ length: MESSAGES }, (_, n) => keptRow(store, documentOf(n))));
    await store.close();
    await start();
  }, 60_000);
  afterAll(async () => {
    await process.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on after SIGKILL where it was, and can be stopped', async () => {
    expect(await indexed()).toBe(0);
    await process.kill();
    await start({ PATCHBAY_CRASH_AT: 'before-index-noted:3' });
    expect(await ask('POST')).toMatchObject({ running: true, total: MESSAGES });
    await eventually('it died', () => process.printed.includes('crash point') || undefined);
    await start();
    await ask('DELETE');
    const stopped = await eventually('it has stopped', async () => {
      const [before, count] = [await ask('GET'), await indexed()];
      return !before.running && before.done === count ? before : undefined;
    });
    expect(stopped.done).toBeGreaterThanOrEqual(100);
    await ask('POST');
    const done = await eventually('all are in the index', async () => {
      const state = await ask('GET');
      return state.finishedAt ? state : undefined;
    });
    expect(done).toMatchObject({ running: false, done: MESSAGES, startedAt: stopped.startedAt });
    expect(await indexed()).toBe(MESSAGES);
  }, 60_000);
});

function documentOf(n: number): KnowledgeDocument {
  return {
    ownerId: 'owner',
    groupId: `${10_000 + (n % 5)}@g.us`,
    messageId: `message ${n}`,
    text: `Number ${n} of all`,
    tags: ['all'],
    senderJid: null,
    sessionIds: [],
    at: BEGIN + n * 1000,
  };
}

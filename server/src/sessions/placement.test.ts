import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { newRow } from './new-session.js';

describe.each(databases.filter((name) => name === 'postgres'))('sessions shared on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  it.each([
    ['free', 'nobody has', () => null],
    ['orphaned', 'a worker had that is gone', () => 'gone'],
    ['kept', 'it has itself, and could not give back', () => server.house.cluster.workerId ?? null],
  ])('a process starts the session %s, which %s', async (id, _, worker) => {
    const { database } = server.house;
    const owner = await database.kysely.selectFrom('sessions').select('slot').execute();
    const row = newRow({ id, ownerId: 'operator', slot: owner.length + 1, engine: 'baileys' });
    const values = { ...row, wanted: 1, worker_id: worker() };
    await database.write([{ query: database.kysely.insertInto('sessions').values(values) }]);
    await server.reaches(id, 'qr');
    const stored = await database.kysely
      .selectFrom('sessions')
      .select('worker_id')
      .where('id', '=', id)
      .executeTakeFirst();
    expect(stored?.worker_id).toBe(server.house.cluster.workerId);
  });
});

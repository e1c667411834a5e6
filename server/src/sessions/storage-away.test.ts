import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, takeStorageAway } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

/** More than fits into the free space of a page. */
const LONG = 'x'.repeat(9000);

describe.each(databases)('storage away on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let phone: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name, times: { stableAfter: 200 } });
    [phone, friend] = [await sandbox.phone(), await sandbox.phone()];
    await server.linked(sandbox, 'main', phone);
    await server.linked(sandbox, 'other', friend);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  /** How WhatsApp sees the session's device. */
  const device = async () => {
    const { queues } = await sandbox.call<{
      queues: { phone: string; device: number; connected: boolean; stanzas: unknown[] }[];
    }>('GET', '/api/queues');
    const queue = queues.find((one) => one.phone === phone && one.device > 0);
    return { connected: queue?.connected, open: queue?.stanzas.length };
  };

  it('nothing is acknowledged, nothing is lost, and sessions go on when it is back', async () => {
    const bringBack = await takeStorageAway(server.house.database, server.databaseUrl);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push(await sandbox.write(friend, { to: phone, text: `${n} ${LONG}` }));
    }
    await eventually('the connection is given up', async () =>
      (await device()).connected ? undefined : true,
    );
    expect((await device()).open).toBe(5);
    const path = '/api/sessions/main/send/text';
    const refused = await server.call('POST', path, { chatId: friend, text: LONG });
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ error: { code: 'storage_unavailable' } });

    await bringBack();
    for (const id of ids) await server.message('main', id);
    await server.reaches('main', 'connected');
    const sent = await server.send('main', friend, 'back again');
    await server.message('main', sent, ({ status }) => status === 'delivered');
    await sandbox.call('POST', '/api/settle', { timeoutMs: 60_000 });
    expect((await device()).open).toBe(0);
    const { body } = await server.call<{ messages: { id: string; type: string }[] }>(
      'GET',
      '/api/sessions/main/messages?limit=200',
    );
    for (const id of ids) {
      expect(body.messages.filter((message) => message.id === id)).toMatchObject([
        { type: 'text' },
      ]);
    }
  });
});

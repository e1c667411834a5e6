import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chat } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { RemoteApi } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { environmentFor } from '../testing/test-server.js';
import { pnJidOf } from '../whatsapp/jid.js';

/** Milliseconds from the send that teaches the mapping to the death: before, in and after the merge. */
const DEATHS = [0, 15, 40];

describe.each(longOn('sqlite'))('one chat per person after SIGKILL on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-one-chat-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let process: TestProcess;
  let server: RemoteApi;
  let own: string;

  const startServer = async () => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
    });
    process = started.process;
    server = new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    await startServer();
    own = await sandbox.phone('Own number');
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await process.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('nothing is lost and the chats are one, whenever it dies', async () => {
    for (const death of DEATHS) {
      const friend = await sandbox.phone('Marta');
      await sandbox.call('POST', '/api/faults', { kind: 'one_name', phone: own, times: 8 });
      const ids: string[] = [];
      const write = async (text: string) => {
        ids.push(await sandbox.write(friend, { to: own, text }));
      };
      for (let n = 0; n < 4; n += 1) await write(`before ${n}`);
      await server.message('main', ids.at(-1) as string);
      const writing = (async () => {
        for (let n = 0; n < 4; n += 1) await write(`meanwhile ${n}`);
      })();
      ids.push(await server.send('main', friend, 'I know you'));
      await new Promise((resolve) => setTimeout(resolve, death));
      await process.kill();
      await writing;
      await startServer();
      await write('after');
      for (const id of ids) {
        await server.message('main', id, ({ chatId }) => chatId === pnJidOf(friend));
      }
      const lid = await sandbox.lidOf(friend);
      const chats = await eventually('one chat with all unread', async () => {
        const { body } = await server.call<{ chats: Chat[] }>(
          'GET',
          '/api/sessions/main/chats?limit=200',
        );
        const theirs = body.chats.filter(({ id }) => [pnJidOf(friend), lid].includes(id));
        return theirs.length === 1 ? theirs : undefined;
      });
      expect(chats).toMatchObject([{ id: pnJidOf(friend), unreadCount: 9 }]);
    }
  }, 60_000);
});

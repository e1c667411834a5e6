import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutboxPage, SendAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { API_KEY, RemoteApi } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { environmentFor } from '../testing/test-server.js';

/** Of the moments of death; another one for other moments. */
const SEED = 7;
const CHATS = 4;
const PER_CHAT = 10;
const DEATHS = 2;

/** The server as a process of its own, killed while clients send through it and try again. */
describe.each(longOn('sqlite'))('sends and SIGKILL on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-outbox-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let running: TestProcess;
  const friends: string[] = [];

  const start = async () => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
    });
    running = started.process;
    server = new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    await start();
    for (let n = 0; n < CHATS; n += 1) friends.push(await sandbox.phone());
    for (const id of ['a', 'b']) await server.linked(sandbox, id, await sandbox.phone());
  }, 60_000);
  afterAll(async () => {
    await running.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As a careful client does: the same request under the same key until it is answered. */
  const send = async (session: string, chatId: string, text: string, more: object = {}) =>
    await eventually(
      `${text} is accepted`,
      async () => {
        const key = `${session}/${chatId}/${text}`.replaceAll(' ', '-');
        const headers = { 'x-api-key': API_KEY, 'idempotency-key': key };
        const path = `/api/sessions/${session}/send/text`;
        const answer = await server
          .call<SendAnswer>('POST', path, { chatId, text, ...more }, headers)
          .catch(() => undefined);
        if (answer && answer.status !== 202) throw new Error(JSON.stringify(answer.body));
        return answer?.body.messageId;
      },
      60_000,
    );
  const textsOf = async (phone: string, ids: string[]) =>
    (await sandbox.messagesOf(phone))
      .filter((message) => ids.includes(message.id))
      .map(({ text }) => text);

  it('everything accepted arrives once and in order, whenever it dies', async () => {
    const random = mulberry(SEED);
    let accepted = 0;
    const all = CHATS * PER_CHAT;
    const deaths = Array.from({ length: DEATHS }, (_, n) =>
      Math.floor(((n + random()) * all) / DEATHS),
    );
    const ids = new Map(friends.map((friend) => [friend, [] as string[]]));
    const clients = friends.map(async (friend, n) => {
      for (let number = 0; number < PER_CHAT; number += 1) {
        const id = await send(n % 2 === 0 ? 'a' : 'b', friend, `message ${number}`);
        ids.get(friend)?.push(id);
        accepted += 1;
      }
    });
    for (const moment of deaths) {
      await eventually('the moment', () => (accepted >= moment ? true : undefined), 30_000);
      await running.kill();
      await start();
    }
    await Promise.all(clients);
    const expected = Array.from({ length: PER_CHAT }, (_, number) => `message ${number}`);
    for (const friend of friends) {
      const sent = ids.get(friend) ?? [];
      await eventually(
        `all ${sent.length} at ${friend}`,
        async () => (new Set(await textsOf(friend, sent)).size === PER_CHAT ? true : undefined),
        60_000,
      );
      expect(await textsOf(friend, sent)).toEqual(expected);
    }
    for (const id of ['a', 'b']) {
      await eventually('an empty outbox', async () => {
        const { body } = await server.call<OutboxPage>('GET', `/api/sessions/${id}/outbox`);
        return body.waiting.length === 0 ? true : undefined;
      });
    }
  }, 150_000);

  it('what is paced and scheduled is not sent early, and counts are kept', async () => {
    const state = async () => (await server.call<OutboxPage>('GET', '/api/sessions/b/outbox')).body;
    const before = (await state()).pacing;
    const path = '/api/sessions/b/settings';
    await server.call('PUT', path, { pacing: { perDay: before.today + 1 } });
    const friend = friends[1] as string;
    const first = await send('b', friend, 'within the limit');
    const second = await send('b', friend, 'over the limit');
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const scheduled = await send('b', friend, 'scheduled', { sendAt: at });
    await server.message('b', first, ({ status }) => status === 'delivered');
    await running.kill();
    await start();
    const after = await eventually('the connection', async () => {
      const now = await state();
      return now.waiting[0]?.waitingFor === 'connection' ? undefined : now;
    });
    expect(after.pacing.today).toBe(before.today + 1);
    expect(after.waiting.map(({ message, waitingFor }) => [message.id, waitingFor])).toEqual([
      [second, 'day'],
      [scheduled, 'schedule'],
    ]);
    await server.call('PUT', path, { pacing: { perDay: null } });
    await server.message('b', second, ({ status }) => status === 'delivered');
    expect(await textsOf(friend, [scheduled])).toEqual([]);
  }, 60_000);
});

/** Numbers from 0 to 1, the same for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

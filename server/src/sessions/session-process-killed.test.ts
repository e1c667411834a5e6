import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BotSession, CreatedChatbot, Message } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelEndpoint } from '../consumers/chatbots/testing/model-endpoint.js';
import { TestSessionProcess } from '../engines/remote/testing/test-session-process.js';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { RemoteApi } from '../testing/test-api.js';
import { environmentFor } from '../testing/test-server.js';

const ANA = '51987000111';

/** Nobody is asked there: the sessions are those of the process. */
const NO_WHATSAPP = {
  wsUrl: 'ws://127.0.0.1:9/',
  rootPublicKey: '0'.repeat(64),
  controlUrl: 'http://127.0.0.1:9',
  media: { host: '127.0.0.1:9', caFile: '' },
};

/** The server killed while it talks with a separate session process, which lives on. */
describe.each(longOn('postgres'))('a killed server with a session process, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-process-killed-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let process: TestSessionProcess;
  let model: ModelEndpoint;
  let running: TestProcess;
  let server: RemoteApi;
  let id: string;

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(NO_WHATSAPP, join(folder, 'server')),
      ...process.environment,
      ...(database.url && { DATABASE_URL: database.url }),
      ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      ...environment,
    });
    running = started.process;
    server = new RemoteApi(started.url);
    process.backend = `${started.url}/api/whatsapp-qr`;
    // One that dies as soon as it is told something may be gone by now.
    if (id && !environment.PATCHBAY_CRASH_AT)
      await server.reaches(id, 'connected', undefined, 60_000);
  };
  const died = () =>
    eventually('it died', () => running.printed.includes('crash point') || undefined);
  const copies = async (text: string) => {
    const path = `/api/sessions/${id}/messages?limit=200`;
    const { body } = await server.call<{ messages: Message[] }>('GET', path);
    return body.messages.filter(({ content }) => content === text);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    process = await TestSessionProcess.start();
    model = await ModelEndpoint.start();
    model.answer = (question) => `answer to: ${question}`;
    await start({ PATCHBAY_CRASH_AT: name === 'sqlite' ? 'after-decrypt:1' : 'after-commit:1' });
    const { body } = await server.call<BotSession>('POST', '/api/whatsapp-qr/init', {});
    process.scan(body.sessionId, '51987000001');
    id = body.sessionId;
    await server.reaches(id, 'connected');
    const { status } = await server.call<CreatedChatbot>('POST', '/api/chatbots', {
      sessionId: id,
      name: 'Helper',
      enabled: true,
      responder: 'ai',
      quietSeconds: 0.2,
      ai: { baseUrl: model.baseUrl, model: 'm' },
    });
    expect(status).toBe(201);
  }, 90_000);
  afterAll(async () => {
    await running.kill();
    await process.kill();
    await model.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('before and after it has stored what it is told: there once, and answered once', async () => {
    const notice = process.hears(id, ANA, 'told at its death');
    await died();
    if (name === 'sqlite') {
      await start({ PATCHBAY_CRASH_AT: 'after-commit:1' });
      await died();
    }
    await start({ PATCHBAY_CRASH_AT: 'after-handed-over:2' });
    await eventually('it is taken', () => notice.answers.includes(200) || undefined);
    await eventually('an answer', () => process.sentTo(ANA).length || undefined);
    expect(await copies('told at its death')).toHaveLength(1);
  }, 90_000);

  it('before and after the process has a message: sent at most once, and it says so', async () => {
    await server.send(id, '51987000222', 'before it had it');
    await died();
    await start();
    let has = () => {};
    const had = new Promise<void>((resolve) => {
      has = resolve;
    });
    process.beforeAnswer = () => {
      has();
      return new Promise(() => undefined);
    };
    await server.send(id, '51987000333', 'it had it');
    await had;
    await running.kill();
    process.beforeAnswer = async () => undefined;
    await start();
    for (const text of ['before it had it', 'it had it']) {
      const failed = await eventually(
        `${text} has failed`,
        async () => (await copies(text)).find(({ status }) => status === 'failed'),
        30_000,
      );
      expect(failed.failure).toEqual({ code: 'no_ack', certainlyNotSent: false });
    }
    await server.send(id, '51987000333', 'and on');
    await eventually('the next is sent', () => process.sentTo('51987000333').at(1));
    expect(process.sentTo('51987000222')).toEqual([]);
    expect(process.sentTo('51987000333')).toEqual(['it had it', 'and on']);
    expect(process.sentTo(ANA)).toEqual(['answer to: told at its death']);
  }, 90_000);
});

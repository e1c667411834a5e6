import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreatedChatbot } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../crash-point.js';
import { emptyDatabase, longAt, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';
import { ModelEndpoint } from './testing/model-endpoint.js';

/** The server as a process of its own, killed while its chatbot answers. */
describe.each(longOn('postgres'))('a chatbot of a killed server, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bot-killed-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let process: TestProcess;
  let model: ModelEndpoint;
  let own: string;

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
      ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      ...environment,
    });
    process = started.process;
    server = new RemoteApi(started.url);
  };
  const answersTo = async (phone: string) =>
    (await sandbox.messagesOf(phone)).filter(({ from }) => from === own).map(({ text }) => text);
  /** Each of these phones asks; the server dies; each has one answer in the end. */
  const askAll = async (phones: string[], text: string) => {
    for (const phone of phones) await sandbox.write(phone, { to: own, text });
  };
  const expectOneAnswer = async (phones: string[], text: string) => {
    await eventually(
      `each has an answer to ${text}`,
      async () => {
        const all = await Promise.all(phones.map(answersTo));
        return all.every((texts) => texts.includes(`answer to: ${text}`)) || undefined;
      },
      60_000,
    );
    for (const phone of phones) {
      const same = (await answersTo(phone)).filter((said) => said === `answer to: ${text}`);
      expect(same).toHaveLength(1);
    }
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    model = await ModelEndpoint.start();
    await start();
    own = await sandbox.phone();
    await server.linked(sandbox, 'main', own);
    const { status } = await server.call<CreatedChatbot>('POST', '/api/chatbots', {
      sessionId: 'main',
      name: 'Helper',
      enabled: true,
      responder: 'ai',
      quietSeconds: 0.2,
      ai: { baseUrl: model.baseUrl, model: 'm' },
    });
    expect(status).toBe(201);
  }, 60_000);
  afterAll(async () => {
    await process.kill();
    await model.stop();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const points = longAt<CrashPoint>(name, {
    sqlite: ['before-cursor-advance'],
    postgres: ['after-accept', 'after-responder'],
  });
  it.each(points.map((point, index) => [point, `question ${index} of the killed`] as const))(
    'at %s: each question has one answer',
    async (point, text) => {
      const phones = [await sandbox.phone(), await sandbox.phone(), await sandbox.phone()];
      await process.kill();
      await start({ PATCHBAY_CRASH_AT: `${point}:2` });
      await askAll(phones, text);
      await eventually('it died', () => process.printed.includes('crash point') || undefined);
      await start();
      await expectOneAnswer(phones, text);
    },
    120_000,
  );

  it('while the model thinks: it is asked again, and its answer sent once', async () => {
    const phone = await sandbox.phone();
    let asked = false;
    model.answer = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    await sandbox.write(phone, { to: own, text: 'a long question' });
    await eventually('the model thinks', () => asked || undefined);
    await process.kill();
    model.answer = (question) => `answer to: ${question}`;
    await start();
    await expectOneAnswer([phone], 'a long question');
  }, 120_000);
});

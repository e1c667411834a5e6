import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeliveryPage, EventPage, LogEvent, WebhookWithSecret } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../crash-point.js';
import { emptyDatabase, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';
import { WebhookReceiver } from './testing/webhook-receiver.js';

/** The server as a process of its own, killed while it calls webhooks. */
describe.each(longOn('postgres'))('webhooks of a killed server, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-killed-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let process: TestProcess;
  let receiver: WebhookReceiver;
  let webhookId: string;
  let since: number;
  let own: string;
  const others: string[] = [];

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
  const say = async (text: string) => {
    const ids = await Promise.all(
      others.map((other) => sandbox.write(other, { to: own, text: `${text} ${other}` })),
    );
    return ids;
  };
  /** What the log holds of the messages that were written, in its order. */
  const logged = async (messageIds: string[]) => {
    const events: LogEvent[] = [];
    for (let after = since; ; ) {
      const { body } = await server.call<EventPage>('GET', `/api/events?after=${after}&limit=500`);
      if (body.events.length === 0) break;
      events.push(...body.events);
      after = body.after;
    }
    return events.filter(
      (event) => event.name === 'session.message' && messageIds.includes(event.data.message.id),
    );
  };
  /** Waits until the receiver took all of these messages; checks that nothing is missing or twice. */
  const expectAllTaken = async (messageIds: string[]) => {
    const events = await eventually(
      'all messages are in the log',
      async () => {
        const found = await logged(messageIds);
        return found.length === messageIds.length ? found : undefined;
      },
      30_000,
    );
    await eventually(
      'the receiver took all of them',
      () => {
        const taken = new Set(receiver.taken.map(({ eventId }) => eventId));
        return events.every(({ id }) => taken.has(id)) || undefined;
      },
      30_000,
    );
    expect(receiver.faults).toEqual([]);
    // Whatever was called twice has one delivery: it was created exactly once.
    const created: string[] = [];
    for (let before = ''; ; ) {
      const { body } = await server.call<DeliveryPage>(
        'GET',
        `/api/webhooks/${webhookId}/deliveries?limit=200${before}`,
      );
      created.push(...body.deliveries.map(({ eventId }) => eventId));
      if (!body.before) break;
      before = `&before=${body.before}`;
    }
    for (const { id } of events) expect(created.filter((eventId) => eventId === id)).toEqual([id]);
    expectOrderPerChat();
  };
  /** First calls come in the order of the log, in every chat. */
  const expectOrderPerChat = () => {
    const last = new Map<string, number>();
    const seen = new Set<string>();
    for (const { event, eventId } of receiver.taken) {
      if (event.name !== 'session.message' || seen.has(eventId)) continue;
      seen.add(eventId);
      const { chatId } = event.data.message;
      expect(event.position).toBeGreaterThan(last.get(chatId) ?? 0);
      last.set(chatId, event.position);
    }
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    receiver = await WebhookReceiver.start();
    await start();
    own = await sandbox.phone();
    for (let n = 0; n < 3; n += 1) others.push(await sandbox.phone());
    await server.linked(sandbox, 'main', own);
    const { body } = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      events: ['session.message'],
    });
    receiver.secret = body.secret;
    webhookId = body.id;
    since = (await server.call<EventPage>('GET', '/api/events?limit=500')).body.after;
  }, 60_000);
  afterAll(async () => {
    await process.kill();
    await receiver.stop();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('in the middle of a call: the same event comes again, and those behind it', async () => {
    receiver.answer = () => new Promise(() => undefined);
    const ids = [...(await say('busy')), ...(await say('behind'))];
    await eventually(
      'a call in each chat waits',
      () => receiver.waiting === others.length || undefined,
    );
    await process.kill();
    receiver.answer = () => 200;
    await start();
    await expectAllTaken(ids);
  }, 60_000);

  it.each<CrashPoint>(['before-cursor-advance', 'after-webhook-call'])(
    'at %s',
    async (point) => {
      await process.kill();
      await start({ PATCHBAY_CRASH_AT: `${point}:2` });
      const ids = [...(await say(point)), ...(await say(`${point} again`))];
      await eventually('it died', () => process.printed.includes('crash point') || undefined);
      await start();
      await expectAllTaken(ids);
    },
    60_000,
  );

  it('again and again while messages come in', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const before = receiver.calls.length;
      for (let n = 0; n < 3; n += 1) ids.push(...(await say(`round ${round} ${n}`)));
      await eventually(
        'calls are made',
        () => receiver.calls.length > before + 2 || undefined,
        30_000,
      );
      await process.kill();
      await start();
    }
    await expectAllTaken(ids);
  }, 90_000);
});

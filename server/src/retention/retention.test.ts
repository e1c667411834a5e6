import type { DeliveryPage, EventPage, MessagePage, WebhookWithSecret } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookReceiver } from '../consumers/webhooks/testing/webhook-receiver.js';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const DAY = 24 * 3_600_000;

interface Refusal {
  error: { code: string };
}

describe.each(databases)('retention on %s', (database) => {
  let clock: ManualClock;
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;
  let webhookId: string;

  const page = (query: string) => server.call<EventPage>('GET', `/api/events?${query}`);
  const messages = async () =>
    (await server.call<MessagePage>('GET', '/api/sessions/main/messages?limit=200')).body.messages;
  const say = async (text: string) => {
    const id = await sandbox.write(other, { to: own, text });
    await server.message('main', id);
    return id;
  };
  /** How long the retention job waits for its next time, in the table. */
  const nextRun = async () =>
    await server.house.database.kysely
      .selectFrom('jobs')
      .select('due_at')
      .where('name', '=', 'retention')
      .execute();
  /** Lets the clock reach the moment, and the job that is due then end. */
  const moveTo = async (moment: number) => {
    clock.advance(moment - clock.now());
    await eventually('the job has run', async () => {
      const [job] = await nextRun();
      return (job && job.due_at > clock.now()) || undefined;
    });
  };

  beforeAll(async () => {
    clock = new ManualClock(Date.now());
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      clock,
      environment: {
        KEEP_EVENTS_DAYS: '10',
        KEEP_MESSAGES_DAYS: '20',
        KEEP_DELIVERIES_DAYS: '5',
        ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      },
    });
    [own, other] = [await sandbox.phone(), await sandbox.phone()];
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  it('deletes finished deliveries, and waiting ones never', async () => {
    const receiver = await WebhookReceiver.start(clock);
    const { body } = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      events: ['session.message'],
    });
    webhookId = body.id;
    receiver.secret = body.secret;
    const states = async () => {
      const path = `/api/webhooks/${webhookId}/deliveries`;
      const { deliveries } = (await server.call<DeliveryPage>('GET', path)).body;
      return deliveries.map(({ state }) => state);
    };
    await say('delivered');
    await eventually(
      'it is delivered',
      async () => (await states())[0] === 'delivered' || undefined,
    );
    await moveTo(Date.now() + 4.9 * DAY);
    expect(await states()).toEqual(['delivered']);
    await server.call('PUT', `/api/webhooks/${webhookId}`, { enabled: false });
    await server.call('POST', `/api/webhooks/${webhookId}/redeliver`, {
      from: new Date(Date.now() - DAY).toISOString(),
    });
    await eventually('one waits', async () => (await states()).length === 2 || undefined);
    await moveTo(Date.now() + 5.1 * DAY);
    await eventually(
      'the finished one is gone',
      async () => (await states()).length === 1 || undefined,
    );
    expect(await states()).toEqual(['pending']);
    await receiver.stop();
    expect(receiver.faults).toEqual([]);
  });

  it('deletes events when they are old, and tells a reader whose cursor is older', async () => {
    await say('old');
    // More than one batch.
    const { kysely } = server.house.database;
    const owner = await kysely.selectFrom('events').selectAll().limit(1).executeTakeFirstOrThrow();
    const many = Array.from({ length: 1200 }, (_, n) => ({
      query: kysely.insertInto('events').values({
        owner_id: owner.owner_id,
        session_id: 'filler',
        sequence: n + 1,
        name: 'session.closed',
        data: '{}',
        at: Date.now(),
      }),
    }));
    await server.house.database.write(many);
    const all = (await page('limit=500')).body;
    const [first, last] = [all.events[0], all.events.at(-1)];
    expect((await page(`after=${first?.position}`)).status).toBe(200);
    expect(await nextRun()).toHaveLength(1);

    await moveTo(Date.now() + 9 * DAY);
    expect((await page('limit=500')).body.events[0]).toEqual(first);
    await moveTo(Date.now() + 10 * DAY + 3_600_000);
    await eventually('the old ones are gone', async () => {
      const { body } = await page('limit=500');
      return body.events.length === 0 || undefined;
    });
    for (const path of [`/api/events?after=${last?.position}`, '/api/events/stream?after=1']) {
      const refused = await server.call<Refusal>('GET', path);
      expect([path, refused.status, refused.body.error.code]).toEqual([
        path,
        410,
        'cursor_expired',
      ]);
    }
    expect((await messages()).map(({ content }) => content)).toEqual(['delivered', 'old']);
    const answer = await server.call<Refusal>('POST', `/api/webhooks/${webhookId}/redeliver`, {
      from: new Date(0).toISOString(),
    });
    expect([answer.status, answer.body.error.code]).toEqual([410, 'cursor_expired']);

    // The log goes on where it was, and a new cursor is good.
    const id = await say('new');
    const { body } = await page('limit=500');
    const event = body.events.find(
      ({ name, data }) => name === 'session.message' && JSON.stringify(data).includes(id),
    );
    expect(event?.position).toBeGreaterThan(last?.position ?? 0);
    expect((await page(`after=${body.after}`)).status).toBe(200);
  });

  it('deletes messages when they are old, and those only', async () => {
    const young = Date.now() + 15 * DAY;
    await moveTo(Date.now() + 20 * DAY + 2 * 3_600_000);
    await eventually(
      'the messages are gone',
      async () => (await messages()).length === 0 || undefined,
    );
    const id = await say('young');
    const { kysely } = server.house.database;
    const dated = kysely.updateTable('messages').set({ at: young }).where('id', '=', id);
    await server.house.database.write([{ query: dated }]);
    await moveTo(clock.now() + 3_600_000);
    expect((await messages()).map(({ content }) => content)).toEqual(['young']);
  });

  it('comes again after a restart, once', async () => {
    await server.close();
    await server.open();
    expect(await nextRun()).toHaveLength(1);
  });
});

import type { EventPage, MessagePage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      environment: { KEEP_EVENTS_DAYS: '10', KEEP_MESSAGES_DAYS: '20', KEEP_DELIVERIES_DAYS: '5' },
    });
    [own, other] = [await sandbox.phone(), await sandbox.phone()];
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
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
    expect((await messages()).map(({ content }) => content)).toEqual(['old']);

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

import type { DeliveryPage, WebhookWithSecret } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import type { ReceivedCall } from './testing/webhook-receiver.js';
import { WebhookReceiver } from './testing/webhook-receiver.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CHATS = 3;

/** Receivers on bad days, by a clock that the test moves. */
describe.each(longOn('sqlite'))('receivers on bad days, on %s', (database) => {
  let clock: ManualClock;
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  const others: string[] = [];
  const receivers: WebhookReceiver[] = [];
  const ids = new Map<WebhookReceiver, string>();

  const receiver = async () => {
    const created = await WebhookReceiver.start(clock);
    receivers.push(created);
    const { body } = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: created.url,
      events: ['session.message'],
    });
    created.secret = body.secret;
    ids.set(created, body.id);
    return created;
  };
  /** So many messages in each chat, one after another. */
  const say = async (name: string, count: number) => {
    await Promise.all(
      others.map(async (other) => {
        for (let n = 0; n < count; n += 1) {
          await sandbox.write(other, { to: own, text: `${name} ${n}` });
        }
      }),
    );
  };
  const parked = () => receivers.reduce((sum, { waiting }) => sum + waiting, 0);
  /** Every call that is under way waits for the receiver that takes its time. */
  const quiet = async () => {
    const deadline = performance.now() + 10_000;
    for (let checks = 0; checks < 2; ) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      checks = server.house.jobs.running === parked() ? checks + 1 : 0;
      if (performance.now() > deadline) throw new Error('calls do not end');
    }
  };
  /** Moves on until it holds: never while a call is on its way, and gently while one waits. */
  const moveUntil = async (what: string, holds: () => boolean, within: number) => {
    const end = clock.now() + within;
    while (!holds()) {
      if (clock.now() > end) throw new Error(`not within ${within / MINUTE} min: ${what}`);
      await quiet();
      clock.advance(parked() > 0 ? (clock.next ?? clock.now()) - clock.now() : 20_000);
    }
  };
  const chatOf = ({ event }: ReceivedCall) =>
    event.name === 'session.message' ? event.data.message.chatId : '';
  const expectAllOnceInOrder = (got: WebhookReceiver, count: number) => {
    expect(got.faults).toEqual([]);
    const taken = got.taken;
    expect(new Set(taken.map(({ eventId }) => eventId)).size).toBe(count);
    expect(taken).toHaveLength(count);
    const chats = new Set(taken.map(chatOf));
    expect(chats.size).toBe(CHATS);
    for (const chat of chats) {
      // Also what was tried in between never overtakes.
      const positions = got.calls
        .filter((call) => chatOf(call) === chat)
        .map(({ event }) => event.position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    }
  };

  beforeAll(async () => {
    clock = new ManualClock(Date.now());
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      clock,
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    own = await sandbox.phone();
    for (let n = 0; n < CHATS; n += 1) others.push(await sandbox.phone());
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    for (const one of receivers) await one.stop();
    await sandbox.stop();
  });

  it('down for an hour, failing half of the calls, or slow: all get everything once, in order', async () => {
    const [down, flaky, slow, good] = [
      await receiver(),
      await receiver(),
      await receiver(),
      await receiver(),
    ];
    const begin = clock.now();
    await down.goDown();
    let calls = 0;
    flaky.answer = () => {
      calls += 1;
      return calls % 2 === 1 ? 500 : 200;
    };
    slow.answer = () =>
      new Promise((resolve) => {
        clock.after(25_000, () => resolve(200));
      });

    await say('first', 5);
    const perChat = 5 * CHATS;
    // The good one has everything before the clock has moved at all.
    await eventually('the good one has all', () => good.taken.length === perChat || undefined);
    expect(clock.now()).toBe(begin);
    expect(down.calls).toEqual([]);
    expect(slow.taken).toEqual([]);

    await moveUntil('half an hour', () => clock.now() >= begin + HOUR / 2, HOUR);
    await say('second', 3);
    const all = 8 * CHATS;
    await eventually('the good one has all', () => good.taken.length === all || undefined);
    await moveUntil('an hour', () => clock.now() >= begin + HOUR, HOUR);
    await down.comeUp();
    await moveUntil(
      'all have all',
      () => receivers.every(({ taken }) => taken.length === all),
      HOUR,
    );
    // It is called again soon after it came back: the pauses never grow beyond a quarter of an hour.
    for (const { at } of down.taken) expect(at - begin).toBeLessThan(HOUR + 30 * MINUTE);
    for (const got of receivers) expectAllOnceInOrder(got, all);
    expect(flaky.calls.length).toBeGreaterThan(all * 1.5);
    expect(flaky.calls.length).toBeLessThanOrEqual(all * 2);

    await quiet();
    const { body } = await server.call<DeliveryPage>(
      'GET',
      `/api/webhooks/${ids.get(slow)}/deliveries`,
    );
    expect(body.deliveries.map(({ log }) => log.map(({ durationMs }) => durationMs))).toEqual(
      Array.from({ length: all }, () => [25_000]),
    );
  });

  it('that never answers in time: given up after a day, and delivered when asked to', async () => {
    const got = await receiver();
    const id = ids.get(got) as string;
    let hangs = true;
    got.answer = () => (hangs ? new Promise(() => undefined) : 200);
    await say('lost', 2);
    const dead = async () =>
      (await server.call<DeliveryPage>('GET', `/api/webhooks/${id}/dead-letters`)).body.deliveries;
    await eventually('the first calls', () => got.waiting === CHATS || undefined);
    const begin = clock.now();
    clock.advance(29_999);
    await quiet();
    expect(await dead()).toEqual([]);

    await eventually(
      'all are given up',
      async () => {
        await quiet();
        clock.advance(HOUR / 2);
        return (await dead()).length === 2 * CHATS || undefined;
      },
      20_000,
    );
    const lost = await dead();
    for (const { finishedAt, attempts, nextAttemptAt, log } of lost) {
      expect(Date.parse(String(finishedAt)) - begin).toBeGreaterThan(23.5 * HOUR);
      expect(nextAttemptAt).toBeNull();
      expect(attempts).toBeGreaterThan(0);
      expect(log.at(-1)).toMatchObject({ status: null, error: 'no end within 30 s' });
      expect(log.length).toBeLessThanOrEqual(10);
    }

    hangs = false;
    const answer = await server.call('POST', `/api/webhooks/${id}/redeliver`, { dead: true });
    expect(answer.status).toBe(202);
    await eventually('all came', () => got.taken.length === 2 * CHATS || undefined);
    expect(new Set(got.taken.map(({ eventId }) => eventId))).toEqual(
      new Set(lost.map(({ eventId }) => eventId)),
    );
    expect(got.faults).toEqual([]);
    expect(await dead()).toEqual([]);
  });

  it('that is gone for good (410) is not called again', async () => {
    const got = await receiver();
    got.answer = () => 410;
    await say('gone', 1);
    await eventually('the calls', () => got.calls.length === CHATS || undefined);
    await eventually('they are dead', async () => {
      const path = `/api/webhooks/${ids.get(got)}/dead-letters`;
      const { body } = await server.call<DeliveryPage>('GET', path);
      return body.deliveries.length === CHATS || undefined;
    });
  });
});

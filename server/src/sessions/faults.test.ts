import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

/** Quicker than in reality, so that a silent connection is noticed within the test. */
const timings = { keepAliveIntervalMs: 700, connectTimeoutMs: 4000, queryTimeoutMs: 3000 };
/** The steady session's messages arrive within this, whatever happens to its neighbour (ms). */
const NO_STALL = 4000;

describe('faults of one session', () => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let steadyPhone: string;
  let friend: string;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', onRejection);
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: 'sqlite',
      timings,
      times: { stableAfter: 200, stuckAfter: 8000 },
    });
    [steadyPhone, friend] = [await sandbox.phone(), await sandbox.phone()];
    await server.linked(sandbox, 'steady', steadyPhone);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  });

  const fault = (kind: string, phone: string, more: object = {}) =>
    sandbox.call('POST', '/api/faults', { kind, phone, ...more });

  let chatter: Chatter;
  let target: string;
  let id: string;
  let round = 0;
  beforeEach(async () => {
    round += 1;
    id = `target-${round}`;
    target = await sandbox.phone();
    await server.linked(sandbox, id, target);
    chatter = new Chatter(server, sandbox, friend, steadyPhone);
  });
  afterEach(async () => {
    const { slowest, count } = await chatter.end();
    expect(count).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(NO_STALL);
    expect(rejections).toEqual([]);
    await server.call('DELETE', `/api/sessions/${id}`);
  });

  it.each([
    ['restart_required', 'connected'],
    ['service_unavailable', 'connected'],
    ['cut', 'connected'],
    ['garbage', 'connected'],
    ['silence', 'connected'],
  ])('%s: comes back by itself and loses nothing', async (kind, status) => {
    const since = (await server.session(id)).state.since;
    await fault(kind, target, kind === 'silence' ? { forMs: 7000 } : {});
    await eventually(
      'the fault is noticed',
      async () => ((await server.session(id)).state.since !== since ? true : undefined),
      15_000,
    );
    const meanwhile = await sandbox.write(friend, { to: target, text: `during ${kind}` });
    await server.reaches(id, status, undefined, 20_000);
    await server.message(id, meanwhile);
    const sent = await server.send(id, friend, `after ${kind}`);
    await server.message(id, sent, (message) => message.status === 'delivered');
  });

  it('refused connections: tries on, and is back when they are let in again', async () => {
    await fault('refuse', target, { forMs: 2500 });
    await fault('cut', target);
    await server.reaches(id, 'reconnecting', 'connection_lost');
    await server.reaches(id, 'connected', undefined, 15_000);
  });

  it('stuck while connecting: given up and tried again', async () => {
    const stuck = await TestServer.start(sandbox, {
      database: 'sqlite',
      timings: { ...timings, connectTimeoutMs: 60_000, queryTimeoutMs: 60_000 },
      times: { stuckAfter: 600 },
    });
    try {
      const phone = await sandbox.phone();
      await stuck.linked(sandbox, 'slow', phone);
      await fault('silence', phone, { forMs: 3000 });
      await stuck.call('POST', '/api/sessions/slow/restart');
      await stuck.reaches('slow', 'reconnecting', 'stuck');
      await stuck.reaches('slow', 'connected', undefined, 20_000);
    } finally {
      await stuck.stop();
    }
  });

  it('device removed: purged, and a new QR within 2 s', async () => {
    await fault('device_removed', target);
    await server.reaches(id, 'qr', 'device_removed', 2000);
  });

  it('replaced: does not fight', async () => {
    await fault('replaced', target);
    const { state } = await server.reaches(id, 'reconnecting', 'replaced');
    expect(Date.parse(state.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(20_000);
  });

  it.each([
    [403, 'banned'],
    [405, 'client_outdated'],
  ])('login refused with %i: says so and waits long', async (code, reason) => {
    await fault('failure', target, { code });
    await fault('cut', target);
    const { state } = await server.reaches(id, 'failed', reason);
    expect(Date.parse(state.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(20_000);
  });

  it('late and missing acks: the message stays open, then a receipt settles it', async () => {
    await fault('ack_delay', target, { delayMs: 700 });
    const late = await server.send(id, friend, 'late');
    await server.message(id, late, ({ status }) => status === 'delivered');
    await fault('ack_missing', target);
    const missing = await server.send(id, friend, 'missing');
    await server.message(id, missing, ({ status }) => status === 'delivered');
    const shown = (await sandbox.messagesOf(friend)).filter((message) => message.id === missing);
    expect(shown).toHaveLength(1);
  });

  it('an error ack: the message fails with its code', async () => {
    await fault('ack_error', target, { code: 463 });
    const refused = await server.send(id, friend, 'refused');
    const message = await server.message(id, refused, ({ status }) => status === 'failed');
    expect(message.error).toMatch(/^463/);
  });

  it('duplicate delivery: stored and told once', async () => {
    await fault('duplicate', target, { times: 5 });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push(await sandbox.write(friend, { to: target, text: `twice ${n}` }));
    }
    await server.message(id, ids.at(-1) as string);
    const { body } = await server.call<{
      events: { name: string; data: { message: { id: string } } }[];
    }>('GET', `/api/events?sessionId=${id}&limit=500`);
    const told = body.events.filter(({ name }) => name === 'session.message');
    for (const one of ids)
      expect(told.filter(({ data }) => data.message.id === one)).toHaveLength(1);
  });

  it('an undecryptable message: shown as such, healed by the retry', async () => {
    await server.message(id, await sandbox.write(friend, { to: target, text: 'first' }));
    await server.message(id, await server.send(id, friend, 'now the session is known'));
    await fault('undecryptable', target);
    const damaged = await sandbox.write(friend, { to: target, text: 'readable in the end' });
    await server.message(id, damaged, ({ content }) => content === 'readable in the end');
  });
});

/** Two that talk all the time, so that a stall shows. */
class Chatter {
  private ended = false;
  private slowest = 0;
  private count = 0;
  private readonly talking: Promise<void>;

  constructor(
    private readonly server: TestServer,
    private readonly sandbox: TestSandbox,
    private readonly friend: string,
    private readonly phone: string,
  ) {
    this.talking = this.talk();
  }

  async end(): Promise<{ slowest: number; count: number }> {
    this.ended = true;
    await this.talking;
    return { slowest: this.slowest, count: this.count };
  }

  private async talk(): Promise<void> {
    do {
      const from = performance.now();
      const got = await this.sandbox.write(this.friend, { to: this.phone, text: 'still there?' });
      await this.server.message('steady', got);
      const sent = await this.server.send('steady', this.friend, 'yes');
      await this.server.message('steady', sent, ({ status }) => status === 'delivered');
      this.slowest = Math.max(this.slowest, performance.now() - from);
      this.count += 1;
    } while (!this.ended);
  }
}

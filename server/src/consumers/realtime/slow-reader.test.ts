import type { LogEvent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { TestSocket } from '../../testing/test-socket.js';

/** More than socket buffers of both sides hold together. */
const EVENTS = 2000;
const BATCH = 100;
const FILLING = 'x'.repeat(8000);

describe.each(longOn('postgres'))('a reader that does not read, on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: name,
      streamTimes: { heartbeat: 60_000, patience: 1000 },
    });
    await server.call('PUT', '/api/sessions/main');
    await server.call('DELETE', '/api/sessions/main');
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  /** Many big events in the log of a session. */
  const fill = async () => {
    const { database, log } = server.house;
    const source = { id: 'main', ownerId: 'owner' };
    for (let n = 0; n < EVENTS; n += BATCH) {
      await Promise.all(
        Array.from({ length: BATCH }, (_, m) =>
          database.write([
            {
              query: database.kysely
                .updateTable('sessions')
                .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
                .where('id', '=', source.id),
            },
            log.append(source, 'session.created', { displayName: `${n + m} ${FILLING}` }, 1),
          ]),
        ),
      );
      log.wakeup.hint('events');
    }
  };
  const numbers = (socket: TestSocket) =>
    socket.frames.flatMap(({ event }) =>
      event?.name === 'session.created' ? [Number(event.data.displayName?.split(' ')[0])] : [],
    );

  it('holds up nobody, costs little memory, is told to resume, and then misses nothing', async () => {
    const [slow, quick] = [
      await TestSocket.open(server.url, '?format=events'),
      await TestSocket.open(server.url, '?format=events'),
    ];
    await slow.subscribe();
    await quick.subscribe();
    slow.socket.pause();
    const backlogs: number[] = [];
    const watch = setInterval(() => backlogs.push(server.house.streams.counts().backlog), 5);
    await fill();
    const all = Array.from({ length: EVENTS }, (_, n) => n);
    await eventually('the quick one has all', () =>
      numbers(quick).length === EVENTS ? true : undefined,
    );
    clearInterval(watch);
    expect(numbers(quick)).toEqual(all);
    // Two readers, each at most one frame above its limit, of 16 MB in all.
    expect(Math.max(...backlogs)).toBeLessThan(2 * (256 * 1024 + 10_000));
    await eventually('the slow one is sent away', () =>
      server.house.streams.counts().webSocket === 1 ? true : undefined,
    );
    slow.socket.resume();
    const { code } = await slow.closing();
    // Where the closing frame did not get through in time the connection is simply cut.
    expect([4008, 1006]).toContain(code);
    const got = numbers(slow);
    expect(got).toEqual(all.slice(0, got.length));
    expect(got.length).toBeLessThan(EVENTS);
    const last = slow.frames.findLast(({ event }) => event)?.event as LogEvent;
    const again = await TestSocket.open(server.url, '?format=events');
    again.say({ type: 'subscribe', after: last.position });
    await again.frame('live', ({ type }) => type === 'live');
    expect([...got, ...numbers(again)]).toEqual(all);
    for (const { socket } of [quick, again]) socket.terminate();
  }, 30_000);
});

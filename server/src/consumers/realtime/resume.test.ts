import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventPage, LogEvent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, emptyDatabase, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import type { TestApi } from '../../testing/test-api.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor, TestServer } from '../../testing/test-server.js';
import { TestSocket } from '../../testing/test-socket.js';

/** For machines that do much else (ms). */
const PATIENCE = 30_000;

/** A program that keeps what it got and, whenever it is cut, goes on from the last cursor it saw. */
class Reader {
  readonly events: LogEvent[] = [];
  cursor = 0;
  cuts = 0;

  constructor(private readonly urlOf: () => string) {}

  /** One connection, cut after so many milliseconds or frames, whichever comes first. */
  async connectAndCut(milliseconds: number, frames: number): Promise<void> {
    const socket = await TestSocket.open(this.urlOf(), '?format=events').catch(() => undefined);
    if (!socket) return;
    let seen = 0;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds);
      socket.socket.on('close', resolve);
      socket.socket.on('message', (data) => {
        const frame = JSON.parse(String(data));
        // What comes after the cut was never seen by the program.
        if (seen >= frames) return;
        if (frame.event?.position) this.events.push(frame.event);
        if (frame.cursor !== undefined) this.cursor = frame.cursor;
        seen += 1;
        if (seen >= frames) resolve();
      });
      socket.say({ type: 'subscribe', after: this.cursor });
    });
    seen = Number.POSITIVE_INFINITY;
    socket.socket.terminate();
    this.cuts += 1;
  }

  /** Reads on until the end of the log. */
  async finish(api: TestApi): Promise<LogEvent[]> {
    const all = await wholeLog(api);
    const last = all.at(-1)?.position ?? 0;
    await eventually(
      'the end of the log',
      async () => {
        await this.connectAndCut(300, 10_000);
        return this.cursor >= last ? true : undefined;
      },
      PATIENCE,
    );
    return all;
  }
}

async function wholeLog(api: TestApi): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.position ?? 0;
    const { body } = await api.call<EventPage>('GET', `/api/events?limit=500&after=${after}`);
    if (body.events.length === 0) return events;
    events.push(...body.events);
  }
}

/** Somebody writes without pause until told to stop; resolves with the ids. */
function traffic(sandbox: TestSandbox, from: string, to: string) {
  let going = true;
  const written = (async () => {
    const ids: string[] = [];
    while (going) {
      ids.push(await sandbox.write(from, { to, text: `message ${ids.length}` }));
      // A pace that a busy machine keeps up with.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return ids;
  })();
  return async () => {
    going = false;
    return await written;
  };
}

function messageIds(events: LogEvent[]): string[] {
  return events.flatMap((event) =>
    event.name === 'session.message' ? [event.data.message.id] : [],
  );
}

describe.each(databases)('a WebSocket reader on %s', (name) => {
  it('cut 200 times at random and resumed has no gap and no double', async () => {
    const sandbox = await TestSandbox.start();
    const server = await TestServer.start(sandbox, { database: name });
    try {
      const [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
      await server.linked(sandbox, 'main', own);
      const stop = traffic(sandbox, other, own);
      const reader = new Reader(() => server.url);
      while (reader.cuts < 200) {
        await reader.connectAndCut(Math.random() * 40, 1 + Math.floor(Math.random() * 8));
      }
      const written = await stop();
      const last = written.at(-1) as string;
      await server.message('main', last);
      const all = await reader.finish(server);
      expect(reader.events).toEqual(all);
      expect(messageIds(reader.events).filter((id) => written.includes(id))).toEqual(written);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      expect(written.length).toBeGreaterThan(50);
    } finally {
      await server.stop();
      await sandbox.stop();
    }
  }, 90_000);
});

describe.each(longOn('postgres'))('a reader of a killed server, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-resume-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let process: TestProcess;
  let api: RemoteApi;

  const start = async () => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, folder),
      ...(database.url && { DATABASE_URL: database.url }),
    });
    process = started.process;
    api = new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    await start();
  });
  afterAll(async () => {
    await process.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has no gap and no double either', async () => {
    const [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await api.linked(sandbox, 'main', own);
    const stop = traffic(sandbox, other, own);
    const reader = new Reader(() => api.url);
    for (let kills = 0; kills < 3; kills += 1) {
      const until = reader.events.length + 10;
      await eventually(
        'ten more events',
        async () => {
          await reader.connectAndCut(Math.random() * 200, 1 + Math.floor(Math.random() * 20));
          return reader.events.length >= until ? true : undefined;
        },
        PATIENCE,
      );
      const last = reader.connectAndCut(10_000, 10_000);
      await process.kill();
      await last;
      await start();
    }
    const last = (await stop()).at(-1) as string;
    await api.reaches('main', 'connected');
    await api.message('main', last);
    const all = await reader.finish(api);
    expect(reader.events).toEqual(all);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  }, 150_000);
});

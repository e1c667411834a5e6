import { mkdtempSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { fence } from '../sessions/fence.js';
import { newRow } from '../sessions/new-session.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { EventLog } from './event-log.js';
import { Wakeup } from './wakeup.js';

const logger = pino({ level: 'silent' });
const OWNER = 'owner';

/** Several processes write to one log, as far as the database can tell. */
describe.each(databases.filter((name) => name === 'postgres'))(
  'writers of one log on %s',
  (name) => {
    let folder: string;
    let created: Awaited<ReturnType<typeof emptyDatabase>>;
    const open: Database[] = [];
    const toClose: (() => void)[] = [];

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'patchbay-writers-'));
      created = await emptyDatabase(name);
    });
    afterEach(async () => {
      for (const close of toClose.splice(0)) close();
      for (const database of open.splice(0)) await database.close();
      await created.drop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function writer(url = created.url) {
      const storageRoot = mkdtempSync(join(folder, 'process-'));
      const database = await Database.open({ url, storageRoot, logger });
      open.push(database);
      return { database, log: new EventLog(database, new Wakeup(database.notices)) };
    }
    type Writer = Awaited<ReturnType<typeof writer>>;

    async function addSession({ database }: Writer, id: string, slot: number): Promise<void> {
      const row = newRow({ id, ownerId: OWNER, engine: 'baileys', slot });
      await database.write([{ query: database.kysely.insertInto('sessions').values(row) }]);
    }

    /** The steps of an event whose text says which one it is. */
    function told({ database, log }: Writer, id: string, displayName: string): WriteStep[] {
      return [
        fence(database.kysely, { id }),
        log.append({ id, ownerId: OWNER }, 'session.created', { displayName }, Date.now()),
      ];
    }

    /** A commit that comes so much later than its positions were taken. */
    const late = ({ database }: Writer, seconds: number): WriteStep => {
      const query = sql`select pg_sleep(${seconds})`;
      return { query: { compile: () => query.compile(database.kysely) } };
    };

    it('a reader that goes on after what it saw misses nothing and sees nothing twice', async () => {
      const writers = await Promise.all([writer(), writer(), writer()]);
      const reader = await writer();
      const ids = ['s0', 's1', 's2'];
      for (const [slot, id] of ids.entries()) await addSession(reader, id, slot + 1);
      const seen: string[] = [];
      const sequences: Record<string, number[]> = { s0: [], s1: [], s2: [] };
      let position = 0;
      let writing = true;
      const reading = async () => {
        for (let isLast = false; !isLast; ) {
          isLast = !writing;
          const rows = await reader.log.storedAfter(position, { scope: [{}], limit: 7 });
          for (const row of rows) {
            expect(row.position).toBeGreaterThan(position);
            position = row.position;
            seen.push(JSON.parse(row.data).displayName);
            sequences[row.session_id]?.push(row.sequence);
          }
          if (rows.length > 0) isLast = false;
        }
      };
      const written: string[] = [];
      const write = async (one: Writer, name: string) => {
        for (let n = 0; n < 20; n += 1) {
          const texts = [0, 1, 2].map((part) => `${name} ${n} ${part}`);
          written.push(...texts);
          // One process writes events of several sessions, and a session's come from several processes.
          await Promise.all(
            texts.map((text, part) =>
              one.database.write([
                ...told(one, ids[part] as string, text),
                ...(n % 5 === part ? [late(one, 0.01)] : []),
              ]),
            ),
          );
        }
      };
      const all = Promise.all(writers.map((one, n) => write(one, `writer ${n}`)));
      const read = reading();
      await all;
      writing = false;
      await read;
      expect(seen).toHaveLength(written.length);
      expect([...seen].sort()).toEqual([...written].sort());
      for (const found of Object.values(sequences)) {
        expect(found).toEqual(found.map((_, n) => n + 1));
      }
    });

    it('one that is cut off in the middle of its transaction does not keep the others from writing', async () => {
      const line = await Line.to(created.url as string);
      toClose.push(() => line.close());
      const [cutOff, other] = [await writer(line.url), await writer()];
      await addSession(other, 's0', 1);
      await cutOff.database.write(told(cutOff, 's0', 'before'));
      line.swallow = true;
      const lost = cutOff.database.write(told(cutOff, 's0', 'never committed')).catch(() => 'lost');
      await eventually('it has taken the lock', async () => {
        const { rows } = await sql<{ n: number }>`select count(*) as n from pg_locks
        where locktype = 'advisory' and granted`.execute(other.database.kysely);
        return Number(rows[0]?.n) > 0 || undefined;
      });
      await other.database.write(told(other, 's0', 'goes on'));
      const rows = await other.log.storedAfter(0, { scope: [{}], limit: 10 });
      expect(rows.map(({ data }) => JSON.parse(data).displayName)).toEqual(['before', 'goes on']);
      line.close();
      expect(await lost).toBe('lost');
    });
  },
);

/** The way to a database, on which answers can get lost. */
class Line {
  swallow = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<Line> {
    const { hostname, port } = new URL(target);
    const server = createServer((near) => {
      const far = connect(Number(port || 5432), hostname);
      near.pipe(far);
      far.on('data', (data) => line.swallow || near.write(data));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => line.swallow || other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as { port: number }).port);
    const line = new Line(server, url.href);
    return line;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

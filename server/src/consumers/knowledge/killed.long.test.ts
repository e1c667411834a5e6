import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../crash-point.js';
import { type DatabaseName, emptyDatabase, longAt, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';
import {
  finds,
  forwardsOf,
  KnowledgeWorld,
  knowsGroups,
  makeRoute,
} from './testing/knowledge-world.js';

/** The steps from a star to what comes of it. */
const POINTS: Record<DatabaseName, CrashPoint[]> = {
  sqlite: ['before-ingest-noted', 'before-index-noted', 'after-accept'],
  postgres: ['before-cursor-advance', 'before-forward-accepted'],
};

/** The server as a process of its own, killed at each step from a star to what comes of it. */
describe.each(longOn('sqlite'))('an approval when the server is killed, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-killed-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let server: RemoteApi;
  let process: TestProcess;
  let world: KnowledgeWorld;

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
      TOWER_ADMIN_JIDS: world.admin,
      ...environment,
    });
    process = started.process;
    server = new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    world = await KnowledgeWorld.create(sandbox);
    await start();
    await server.linked(sandbox, 'desk', world.desk);
    await knowsGroups(server, 'desk', [world.source, world.target, world.second]);
    await makeRoute(server, world.source, [world.target, world.second]);
  }, 60_000);
  afterAll(async () => {
    await process.kill();
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(longAt(name, POINTS))(
    'at %s: it is found, and in each target once',
    async (point) => {
      const text = `killed ${point} #${point}`;
      const id = await world.say(world.member, text);
      await server.message('desk', id);
      await process.kill();
      // The star comes while the server is away, and is the first thing of its kind that it meets.
      await world.react(world.admin, id, '⭐');
      const passage = point === 'before-cursor-advance' ? 2 : 1;
      await start({ PATCHBAY_CRASH_AT: `${point}:${passage}` });
      await eventually('it died', () => process.printed.includes('crash point') || undefined);
      await start();
      await finds(server, `q=${encodeURIComponent(`"killed ${point}"`)}`, [text]);
      await eventually('both forwards have left', async () => {
        const states = (await forwardsOf(server))
          .filter(({ sourceMessageId }) => sourceMessageId === id)
          .map(({ state }) => state);
        const left = states.filter((state) => ['sent', 'delivered', 'read'].includes(state));
        return left.length === 2 ? true : undefined;
      });
      expect(await world.arrived(world.admin, world.target, text)).toBe(1);
      expect(await world.arrived(world.member, world.second, text)).toBe(1);
    },
    90_000,
  );
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';

/** A limit that the processes here keep, and what makes one of them pass it from its start. */
const LIMITS: { what: string; limit: Record<string, string>; excess: string }[] = [
  {
    what: 'memory',
    limit: { MAX_MEMORY_MB: '900' },
    excess: 'globalThis.hoard = Buffer.alloc(900 * 1024 * 1024, 1);',
  },
  {
    what: 'time',
    limit: { MAX_EVENT_LOOP_DELAY_MS: '500' },
    excess: `setInterval(() => {
      for (const until = Date.now() + 800; Date.now() < until; );
    }, 1000);`,
  },
];
const ONLY_MAIN = `if (require('node:worker_threads').isMainThread)`;

describe.each(databases.filter((name) => name === 'postgres'))('sessions on %s', (name) => {
  describe.each(LIMITS)('and a process that has no $what left', ({ limit, excess }) => {
    let world: ClusterWorld;
    let folder: string;
    let one: Member;
    let full: Member;
    let other: Member;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'patchbay-excess-'));
      writeFileSync(join(folder, 'excess.cjs'), `${ONLY_MAIN} { ${excess} }`);
      world = await ClusterWorld.start();
      one = await world.join(limit);
      await world.link(one, ['a', 'b']);
      const NODE_OPTIONS = `--require ${join(folder, 'excess.cjs')}`;
      full = await world.join({ ...limit, NODE_OPTIONS });
      other = await world.join(limit);
    }, 120_000);
    afterAll(async () => {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it(`go past it (${name})`, async () => {
      await world.shared(other, 1);
      await world.shared(one, 1);
      expect(await one.process.stop()).toBe(0);
      await world.shared(other, 2);
      expect(await world.sessionsOf(full)).toEqual([]);
      // It answers all the same, for what others have.
      const written = await world.write('a');
      await world.allStored([written]);
      await eventually('it tells of the message', async () => {
        const { body } = await full.api.call<{ messages: { id: string }[] }>(
          'GET',
          '/api/sessions/a/messages',
        );
        return body.messages.some(({ id }) => id === written) || undefined;
      });
    }, 120_000);
  });
});

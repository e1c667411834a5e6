import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';

/** Of the processes here; one holds on to as much again (MB). */
const LIMIT = 900;
const HOARD = `if (require('node:worker_threads').isMainThread) {
  globalThis.hoard = Buffer.alloc(${LIMIT} * 1024 * 1024, 1);
}`;

describe.each(databases.filter((name) => name === 'postgres'))('sessions on %s', (name) => {
  let world: ClusterWorld;
  let folder: string;
  let one: Member;
  let full: Member;
  let other: Member;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-hoard-'));
    writeFileSync(join(folder, 'hoard.cjs'), HOARD);
    world = await ClusterWorld.start();
    const limits = { MAX_MEMORY_MB: String(LIMIT) };
    one = await world.join(limits);
    await world.link(one, ['a', 'b']);
    const NODE_OPTIONS = `--require ${join(folder, 'hoard.cjs')}`;
    full = await world.join({ ...limits, NODE_OPTIONS });
    other = await world.join(limits);
  }, 120_000);
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`go past a process that has used up its memory (${name})`, async () => {
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

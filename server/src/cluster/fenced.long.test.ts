import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';
import { CuttableLink } from './testing/cuttable-link.js';

/** How soon another process has the sessions of one that does not answer any more (ms). */
const FAILOVER_WITHIN = 15_000;

describe.each(databases.filter((name) => name === 'postgres'))('a process cut off from %s', () => {
  let world: ClusterWorld;
  let link: CuttableLink;
  let steady: Member;
  let other: Member;

  beforeAll(async () => {
    world = await ClusterWorld.start();
    link = await CuttableLink.to(world.databaseUrl);
    steady = await world.join();
    await world.judge();
    await world.link(steady, ['a', 'b', 'c', 'd']);
    other = await world.join({ DATABASE_URL: link.url });
    await world.shared(other, 2);
  }, 120_000);
  afterAll(async () => {
    await world.stop();
    link.stop();
  });

  /** What came while the other was away is stored once; nobody has written a key that was not theirs. */
  async function nothingLostOrDoubled(written: string[], sent: string[]): Promise<void> {
    await world.allStored(written);
    expect((await world.stored(written)).filter(({ events }) => events !== 1)).toEqual([]);
    await eventually('everything sent has arrived', async () => {
      const there = (await world.sandbox.messagesOf(world.friend)).map(({ id }) => id);
      return sent.every((id) => there.includes(id)) ? true : undefined;
    });
    const arrived = await world.sandbox.messagesOf(world.friend);
    for (const id of sent) expect(arrived.filter((message) => message.id === id)).toHaveLength(1);
    expect(await world.judged()).toEqual([]);
  }

  /** The sessions of the other go to the steady one while it is away, and are shared again afterwards. */
  async function away(leave: () => void, comeBack: () => void): Promise<number> {
    await world.shared(steady, 2);
    const left = await world.shared(other, 2);
    leave();
    const from = performance.now();
    const written = await Promise.all(left.map((id) => world.write(id)));
    const sent = await Promise.all(
      left.map((id) => steady.api.send(id, world.friend, `from ${id}`)),
    );
    await world.allStored(written);
    const took = performance.now() - from;
    expect(await world.sessionsOf(steady)).toHaveLength(4);
    // Both ways while the other still believes what it believed.
    written.push(...(await Promise.all(left.map((id) => world.write(id)))));
    comeBack();
    for (let round = 0; round < 5; round += 1) {
      written.push(...(await Promise.all(left.map((id) => world.write(id)))));
      sent.push(await steady.api.send(left[0] as string, world.friend, `round ${round}`));
    }
    await world.shared(other, 2);
    await nothingLostOrDoubled(written, sent);
    return took;
  }

  it('SIGSTOP beyond its time, then SIGCONT: it yields at once', async () => {
    const took = await away(
      () => other.process.signal('SIGSTOP'),
      () => other.process.signal('SIGCONT'),
    );
    process.stderr.write(`failover after SIGSTOP: ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(FAILOVER_WITHIN);
    expect(other.process.printed).toContain('could not say in time');
  }, 120_000);

  it('a network cut from it to the database: it closes its sockets before others open them', async () => {
    const replaced = () => (other.process.printed.match(/"cause":"replaced"/g) ?? []).length;
    const before = replaced();
    const took = await away(
      () => link.cut(),
      () => link.heal(),
    );
    process.stderr.write(`failover after a network cut: ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(FAILOVER_WITHIN);
    // Nobody had to throw it out.
    expect(replaced()).toBe(before);
  }, 120_000);
});

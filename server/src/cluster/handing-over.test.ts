import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';

/** How soon another process has the sessions of one that died (ms). */
const FAILOVER_WITHIN = 10_000;

describe.each(databases.filter((name) => name === 'postgres'))('processes that share %s', () => {
  let world: ClusterWorld;
  let one: Member;
  let two: Member;

  beforeAll(async () => {
    world = await ClusterWorld.start();
    one = await world.join();
    await world.judge();
    await world.link(one, ['a', 'b']);
  }, 60_000);
  afterAll(() => world.stop());

  it('share the sessions, and each sends what any of them was asked to', async () => {
    two = await world.join();
    await world.shared(two, 1);
    const ids = await world.shared(one, 1);
    const written = await Promise.all([...world.phones.keys()].map((id) => world.write(id)));
    await world.allStored(written);
    const sent = await two.api.send(ids[0] as string, world.friend, 'asked for at the other one');
    await eventually('it arrives', async () =>
      (await world.sandbox.messagesOf(world.friend)).find(({ id }) => id === sent),
    );
    expect(await world.judged()).toEqual([]);
  });

  it('SIGKILL: the sessions of the dead one are up at the other in time, nothing lost or doubled', async () => {
    const left = await world.shared(one, 1);
    await one.process.kill();
    const written = await Promise.all(left.map((id) => world.write(id)));
    const took = await world.allStored(written);
    process.stderr.write(`failover after SIGKILL: ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(FAILOVER_WITHIN);
    expect(await world.stored(written)).toEqual(
      expect.arrayContaining(written.map((id) => ({ id, events: 1 }))),
    );
    expect(await world.sessionsOf(two)).toHaveLength(2);
    expect(await world.judged()).toEqual([]);
  });

  it('SIGTERM: sessions are handed over one after another, with no message lost or doubled', async () => {
    const three = await world.join();
    await world.shared(three, 1);
    const leaving = await world.shared(two, 1);
    let stopped = false;
    const end = two.process.stop().then((code) => {
      stopped = true;
      return code;
    });
    const written: string[] = [];
    while (!stopped) {
      written.push(...(await Promise.all(leaving.map((id) => world.write(id)))));
    }
    expect(await end).toBe(0);
    const from = performance.now();
    await world.shared(three, 2);
    await world.allStored(written);
    process.stderr.write(`up again after SIGTERM: ${Math.round(performance.now() - from)} ms\n`);
    expect((await world.stored(written)).filter(({ events }) => events !== 1)).toEqual([]);
    expect(await world.judged()).toEqual([]);
  });
});

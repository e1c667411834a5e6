import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, takeStorageAway } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { CLUSTER_TIMES } from './membership.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';

const { ttl, margin, renewEvery } = CLUSTER_TIMES;
/** The longest that a process may believe in its lease (ms). */
const OWN_TERM = ttl - margin;

describe.each(databases.filter((name) => name === 'postgres'))('%s away from a cluster', (name) => {
  let world: ClusterWorld;
  const members: Member[] = [];

  beforeAll(async () => {
    world = await ClusterWorld.start();
    members.push(await world.join());
    await world.judge();
    await world.link(members[0] as Member, ['quiet', 'busy']);
    members.push(await world.join());
    for (const member of members) {
      await world.shared(member, 1);
      await eventually('it has begun with everything', async () => {
        const { status } = await member.api.call('GET', '/api/health/ready');
        return status === 200 || undefined;
      });
    }
    // The row tells what it told where the session came from: whoever asks something waits.
    const phones = [world.friend];
    for (const id of world.phones.keys()) {
      const path = `/api/sessions/${id}/contacts/check`;
      const { status } = await (members[0] as Member).api.call('POST', path, { phones });
      expect(status).toBe(200);
    }
    await world.sandbox.call('POST', '/api/settle', { timeoutMs: 60_000 });
  }, 120_000);
  afterAll(() => world.stop());

  /** How WhatsApp sees the device of a session. */
  async function device(id: string): Promise<{ isConnected: boolean; open: number }> {
    const { queues } = await world.sandbox.call<{
      queues: { phone: string; device: number; connected: boolean; stanzas: unknown[] }[];
    }>('GET', '/api/queues');
    const queue = queues.find((one) => one.phone === world.phones.get(id) && one.device > 0);
    return { isConnected: queue?.connected ?? false, open: queue?.stanzas.length ?? 0 };
  }

  it(`longer than a lease of ${name}: nothing is acknowledged, sockets close in time, and all comes back`, async () => {
    const bringBack = await takeStorageAway(undefined as never, world.databaseUrl);
    const from = performance.now();
    const written = [await world.write('busy'), await world.write('busy')];
    expect((await device('quiet')).isConnected).toBe(true);
    await eventually('the quiet socket is closed', async () =>
      (await device('quiet')).isConnected ? undefined : true,
    );
    const took = performance.now() - from;
    process.stderr.write(`a quiet socket stayed for ${Math.round(took)} ms\n`);
    // Not at the first failure, but before anybody else could have the session.
    expect(took).toBeGreaterThan(OWN_TERM - renewEvery - 500);
    expect(took).toBeLessThan(ttl + 500);
    written.push(await world.write('quiet'), await world.write('busy'));
    expect([(await device('quiet')).open, (await device('busy')).open]).toEqual([1, 3]);
    const chatId = world.friend;
    for (const { api } of members) {
      const path = '/api/sessions/quiet/send/text';
      const refused = await api.call('POST', path, { chatId, text: 'while it was away' });
      expect(refused.status).toBe(503);
    }
    await eventually('every lease is over', () => performance.now() - from > ttl || undefined);
    await bringBack();
    await world.reconnect();
    await world.allStored(written);
    expect((await world.stored(written)).filter(({ events }) => events !== 1)).toEqual([]);
    const sent = await Promise.all(
      members.map(({ api }) => api.send('quiet', world.friend, 'lanterns are lit again')),
    );
    await eventually('what is sent now arrives', async () => {
      const arrived = await world.sandbox.messagesOf(world.friend);
      return sent.every((id) => arrived.some((message) => message.id === id)) || undefined;
    });
    const arrived = await world.sandbox.messagesOf(world.friend);
    expect(arrived.filter(({ text }) => text === 'while it was away')).toEqual([]);
    expect(arrived.filter(({ id }) => sent.includes(id))).toHaveLength(sent.length);
    expect(await world.judged()).toEqual([]);
  }, 120_000);
});

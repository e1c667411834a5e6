import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSocket } from '../testing/test-socket.js';
import { ClusterWorld, type Member } from './testing/cluster-world.js';

describe.each(databases.filter((name) => name === 'postgres'))('notices that %s loses', (name) => {
  let world: ClusterWorld;
  let asked: Member;
  let other: Member;

  beforeAll(async () => {
    world = await ClusterWorld.start();
    await world.loseNotices();
    asked = await world.join({ ROLE: 'api' });
    other = await world.join({ ROLE: 'worker' });
    await world.link(asked, ['silent']);
  }, 120_000);
  afterAll(() => world.stop());

  it(`are missed by nobody for long on ${name}: everybody looks by itself`, async () => {
    const socket = await TestSocket.open(asked.url, '?format=events');
    await socket.subscribe({ sessionId: 'silent' });
    const id = await world.write('silent');
    await socket.frame('the message', ({ event }) =>
      event?.name === 'session.message' ? event.data.message.id === id : false,
    );
    socket.socket.close();
    const sent = await asked.api.send('silent', world.friend, 'nobody was told of it');
    const arrived = () => world.sandbox.messagesOf(world.friend);
    await eventually(
      'it is sent',
      async () => (await arrived()).some((message) => message.id === sent) || undefined,
    );
    await asked.api.message('silent', sent, ({ status }) => status === 'delivered');
    expect(await world.sessionsOf(other)).toEqual(['silent']);
  }, 120_000);
});

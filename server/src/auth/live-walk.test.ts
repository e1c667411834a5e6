import { CLOSE_CODES } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSocket } from '../testing/test-socket.js';
import { PLANTED, WalkedWorld } from './testing/walked-world.js';

describe.each(longOn('sqlite'))('files and streams, as somebody who may not, on %s', (name) => {
  let world: WalkedWorld;

  beforeAll(async () => {
    world = await WalkedWorld.start(name);
  });
  afterAll(async () => {
    await world.stop();
  });

  it('files and their ranges are the owner’s', async () => {
    const path = `/api/sessions/bens/messages/${world.picture}/media`;
    expect([200, 206]).toContain((await world.ben.call('GET', path)).status);
    const keys = [
      await world.keyOf(world.ben, ['send', 'manage']),
      await world.keyOf(world.eve, ['read', 'send', 'manage']),
    ];
    for (const headers of [world.eve.headers, {}, ...keys.map((key) => key.headers)]) {
      for (const range of ['bytes=0-', 'bytes=0-3']) {
        const answer = await world.server.call('GET', path, undefined, { ...headers, range });
        expect([401, 403, 404]).toContain(answer.status);
        expect(String(answer.body)).not.toContain('PNG');
      }
    }
  });

  it('the WebSocket tells others nothing, and a share that ends ends what it told', async () => {
    const socket = await TestSocket.open(world.server.url, '?format=events', {
      cookie: world.eve.cookie,
      origin: world.server.url,
    });
    try {
      socket.say({ type: 'subscribe', sessionId: 'bens', after: 0 });
      await socket.frame('refused', ({ error }) => error?.code === 'session_not_found');
      await socket.subscribe({ after: 0 });
      const told = () => JSON.stringify(socket.frames);
      expect(told()).not.toContain(PLANTED);
      const share = (everybody: boolean) =>
        world.ben.call('PUT', '/api/sessions/bens/shares', { everybody, userIds: [] });
      await share(true);
      await socket.frame('told to look again', ({ type }) => type === 'access');
      const text = `${PLANTED} while shared`;
      await world.sandbox.write(world.other, {
        to: String((await world.server.session('bens')).phone),
        text,
      });
      await eventually('it is told', () => (told().includes(text) ? true : undefined));
      await share(false);
      const count = socket.frames.length;
      const after = await world.sandbox.write(world.other, {
        to: String((await world.server.session('bens')).phone),
        text: `${PLANTED} after it`,
      });
      await world.server.message('bens', after);
      socket.say({ type: 'ping' });
      await eventually('an answer', () =>
        socket.frames.slice(count).some(({ type }) => type === 'pong') ? true : undefined,
      );
      expect(told()).not.toContain(`${PLANTED} after it`);
    } finally {
      socket.socket.terminate();
    }
  });

  it('the WebSocket lets in only who may read, from pages of ours, and for which account', async () => {
    const enters = async (headers: Record<string, string>) => {
      const socket = await TestSocket.open(world.server.url, '?format=events', headers);
      socket.say({ type: 'subscribe', sessionId: 'bens', after: 0 });
      const told = await eventually('an answer', () => {
        const refused = socket.frames.find(({ error }) => error !== undefined);
        return (
          socket.closed?.code ?? refused?.error?.code ?? socket.frames.find(isSubscribed)?.type
        );
      });
      socket.socket.terminate();
      expect(told === 'subscribed' || !JSON.stringify(socket.frames).includes(PLANTED)).toBe(true);
      return told;
    };
    const isSubscribed = ({ type }: { type?: string }) => type === 'subscribed';
    const { ben, eve, server } = world;
    const origin = server.url;
    await ben.call('PUT', '/api/sessions/bens-third');
    const [reader, writer, ofOther, eves] = [
      await world.keyOf(ben, ['read']),
      await world.keyOf(ben, ['send', 'manage']),
      await world.keyOf(ben, ['read'], ['bens-third']),
      await world.keyOf(eve, ['read', 'send', 'manage']),
    ];
    expect(await enters(reader.headers)).toBe('subscribed');
    expect(await enters({ cookie: ben.cookie, origin })).toBe('subscribed');
    expect(await enters({})).toBe(CLOSE_CODES.unauthorized);
    expect(await enters({ 'x-api-key': 'pbk_wrong' })).toBe(CLOSE_CODES.unauthorized);
    expect(await enters(writer.headers)).toBe(CLOSE_CODES.unauthorized);
    const foreign = { cookie: ben.cookie, origin: 'https://evil.example' };
    expect(await enters(foreign)).toBe(CLOSE_CODES.unauthorized);
    expect(await enters(ofOther.headers)).toBe('session_not_found');
    expect(await enters(eves.headers)).toBe('session_not_found');
    await ben.call('DELETE', `/api/keys/${reader.id}`);
    expect(await enters(reader.headers)).toBe(CLOSE_CODES.unauthorized);
  });

  it('a stream of one session ends with the share, and any stream with its key', async () => {
    const userIds = [await world.eve.userId()];
    await world.ben.call('PUT', '/api/sessions/bens/shares', { everybody: false, userIds });
    const { id, headers } = await world.keyOf(world.eve, ['read']);
    const open = async (query: string) => {
      const answer = await fetch(`${world.server.url}/api/events/stream${query}`, {
        headers,
      });
      expect(answer.status).toBe(200);
      return { ended: answer.text() };
    };
    const [one, all] = [await open('?sessionId=bens'), await open('')];
    await world.ben.call('PUT', '/api/sessions/bens/shares', { everybody: false, userIds: [] });
    await one.ended;
    const refused = await world.server.call(
      'GET',
      '/api/events/stream?sessionId=bens',
      undefined,
      headers,
    );
    expect(refused.status).toBe(404);
    await world.eve.call('DELETE', `/api/keys/${id}`);
    await all.ended;
  });
});

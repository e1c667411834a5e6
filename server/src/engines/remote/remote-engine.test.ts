import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { basics } from '../testing/contract-basics.js';
import { until } from '../testing/engine-contract-host.js';
import { pn } from '../testing/engine-world.js';
import { send } from '../testing/send.js';
import { RemoteWorld } from './testing/remote-world.js';

const world = new RemoteWorld();
beforeAll(() => world.start());
afterEach(async () => {
  world.process.refusing = undefined;
  world.process.beforeAnswer = async () => undefined;
  await world.closeEngines();
});
afterAll(() => world.stop());

const text = (said: string) => ({ type: 'text', text: said }) as const;

describe('the engine of a session process: basics', () => basics(world));

describe('the engine of a session process', () => {
  it('is not told that a message was taken which could not be stored', async () => {
    const linked = await world.linkedWithFriend();
    linked.session.refuseEvents = true;
    const notice = world.process.hears(linked.session.sessionId, linked.friend, 'no room');
    await until('a refusal', 10_000, () => notice.answers.includes(409));
    linked.session.refuseEvents = false;
    const { message } = await linked.session.event('message');
    expect(message.content).toEqual(text('no room'));
    await until('it is taken', 10_000, () => notice.answers.includes(200));
    expect(linked.session.count('message')).toBe(1);
  });

  it('sees by itself what it is not told: an end, a new QR, a process that is away', async () => {
    const { session } = await world.linkedWithFriend();
    world.process.becomes(session.sessionId, 'DISCONNECTED', false);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    const again = await world.linkedWithFriend();
    world.process.becomes(again.session.sessionId, 'QR_READY', false);
    expect(await again.session.event('disconnected')).toMatchObject({ cause: 'logged-out' });
    const third = await world.linkedWithFriend();
    await world.process.kill();
    const end = await third.session.event('disconnected');
    expect(end).toMatchObject({ cause: 'transient' });
    expect(end.detail).toContain('the session process is away');
    await world.process.start();
  });

  it('says of each failure whether the message can have left', async () => {
    const { engine, friend } = await world.linkedWithFriend();
    const sending = () =>
      send(engine, { id: newMessageId(), chatJid: pn(friend), content: text('x') });
    world.process.refusing = { status: 422, message: 'no such number' };
    await expect(sending()).rejects.toMatchObject({ code: 'refused', certainlyNotSent: true });
    world.process.refusing = { status: 503, message: 'busy' };
    await expect(sending()).rejects.toMatchObject({ code: 'timeout', certainlyNotSent: true });
    world.process.refusing = { status: 500, message: 'a fault' };
    await expect(sending()).rejects.toMatchObject({ code: 'timeout', certainlyNotSent: false });
    const picture = { type: 'location', latitude: 1, longitude: 2 } as const;
    const asked = { id: newMessageId(), chatJid: pn(friend), content: picture };
    await expect(engine.prepare(asked)).rejects.toMatchObject({ code: 'unsupported' });
    world.process.refusing = undefined;
    world.process.beforeAnswer = () => world.process.kill();
    await expect(sending()).rejects.toMatchObject({ code: 'timeout', certainlyNotSent: false });
    await expect(sending()).rejects.toMatchObject({
      code: 'not-connected',
      certainlyNotSent: true,
    });
    await world.process.start();
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineWorld } from '../testing/engine-world.js';
import { Browsers, wwebjsEngine } from './index.js';

const world = new EngineWorld(
  ({ server }, folder) =>
    wwebjsEngine(new Browsers({ folder, path: process.env.PATH ?? '', page: server.info.webPage })),
  { speaksTheWire: false, isCostly: true },
);
beforeAll(() => world.start());
afterEach(() => world.closeEngines());
afterAll(() => world.stop());

/** More than the page has in its memory, and gets from its database at a time. */
const MANY = 50;

type Linked = Awaited<ReturnType<typeof world.linkedWithFriend>>;

const idOn = async (phone: string, text: string) => (await world.messageOn(phone, text)).id;
const textsOf = ({ session }: Linked, start: string) =>
  session.events.flatMap((event) =>
    event.type === 'message' && event.message.content.type === 'text'
      ? [event.message.content.text].filter((text) => text.startsWith(start))
      : [],
  );

describe('what nobody listened to', () => {
  it('is told afterwards in its order, with what was done to messages', async () => {
    const linked = await world.linkedWithFriend();
    const { session, engine, phone, friend } = linked;
    const send = (body: object) =>
      world.api<{ id: string }>('POST', `/phones/${friend}/messages`, { to: phone, ...body });
    for (const text of ['to be edited', 'to be deleted']) {
      await send({ text });
      await session.event(
        'message',
        ({ message: { content } }) => content.type === 'text' && content.text === text,
      );
    }
    const [edited, deleted] = [
      await idOn(phone, 'to be edited'),
      await idOn(phone, 'to be deleted'),
    ];
    await engine.disconnect();
    const texts = Array.from({ length: MANY }, (_, n) => `missed ${String(n).padStart(2, '0')}`);
    for (const text of texts) await send({ text });
    await send({ content: { kind: 'edit', target: edited, text: 'was edited' } });
    await send({ content: { kind: 'revoke', target: deleted } });
    await send({ reaction: { messageId: edited, emoji: '👍' } });
    await world.settle();
    await world.connect(session);
    const done = async (type: string, targetId: string) =>
      await session.event(
        'message',
        ({ message: { content } }) =>
          content.type === type && 'targetId' in content && content.targetId === targetId,
      );
    await done('revoke', deleted);
    expect((await done('edit', edited)).message.content).toMatchObject({ text: 'was edited' });
    expect((await done('reaction', edited)).message.content).toMatchObject({ emoji: '👍' });
    expect(textsOf(linked, 'missed')).toEqual(texts);
  });

  it('is told again when it could not be stored, however old it was', async () => {
    const linked = await world.linkedWithFriend();
    const { session, engine } = linked;
    // In order, so that all that was told is stored.
    await engine.disconnect();
    const told = () => {
      const head = session.auth.rows.get('wwebjs/profile') ?? Buffer.from('{}');
      return JSON.parse(Buffer.from(head).toString()).told;
    };
    const before = told();
    expect(before).toEqual({ until: expect.any(Number), history: true });
    await world.connect(session);
    await session.event('groups');
    session.refuseEvents = true;
    await world.friendWrites(linked, 'there was no room');
    await session.event('disconnected');
    session.refuseEvents = false;
    expect(told()).toEqual(before);
    await world.connect(session);
    await session.event(
      'message',
      ({ message: { content } }) => content.type === 'text' && content.text === 'there was no room',
    );
  });
});

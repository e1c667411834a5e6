import { expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { until } from './engine-contract-host.js';
import { type EngineWorld, pn } from './engine-world.js';
import { send } from './send.js';

/** Part of the contract for engines that speak the wire protocol and have Signal keys themselves. */
export function onTheWire(world: EngineWorld): void {
  it('forgets a pairing that was begun and not finished', async () => {
    const phone = await world.phone();
    const session = world.session('unfinished');
    const { engine } = await world.connect(session);
    await engine.requestPairingCode(phone);
    await engine.disconnect();
    await world.connect(session);
    await session.event('qr');
    expect(session.count('disconnected')).toBe(0);
  });

  it('sends again what a recipient could not read, also after connecting anew', async () => {
    const { session, engine, friend } = await world.linkedWithFriend();
    for (const text of ['at once', 'later']) {
      await world.fault('undecryptable', friend, { device: 0 });
      const content = { type: 'text', text } as const;
      const id = newMessageId();
      const current = text === 'at once' ? engine : (await world.connect(session)).engine;
      if (current !== engine) await session.event('connected');
      const sent = await send(current, { id, chatJid: pn(friend), content });
      session.messages.set(id, sent.raw);
      if (text === 'later') {
        await current.disconnect();
        await world.connect(session);
      }
      expect((await world.messageOn(friend, text)).id).toBe(id);
      await current.disconnect();
    }
  });

  it('recovers a message that could not be decrypted', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    const content = { type: 'text', text: 'so that the friend has a session' } as const;
    await send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, content.text);
    await world.settle();
    await world.fault('undecryptable', phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'second try' });
    await session.event('message', (e) => e.message.content.type === 'undecryptable');
    await session.event('message', (e) => e.message.content.type === 'text');
  });

  it.each([
    [401, 'logged-out'],
    [403, 'banned'],
    [405, 'client-outdated'],
    [503, 'transient'],
  ] as const)('failure %s at login', async (code, cause) => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.fault('failure', phone, { code });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause, code });
  });

  it('a second connection with the same credentials replaces the first', async () => {
    const phone = await world.phone();
    const { session } = await world.linked(phone);
    const first = session.events;
    await world.connect(session);
    await session.event('connected');
    const end = await until('end of the first', 5_000, () =>
      first.find((event) => event.type === 'disconnected'),
    );
    expect(end).toMatchObject({ cause: 'replaced' });
  });

  it('a refused connection, and a server that is not there', async () => {
    const session = world.session('nowhere', { webSocketUrl: 'ws://127.0.0.1:9/ws/chat' });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    const phone = await world.phone();
    const linked = await world.linked(phone);
    await linked.engine.disconnect();
    await world.api('POST', '/faults', { kind: 'refuse' });
    await world.connect(linked.session);
    expect(await linked.session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });

  it('closes when its key store fails, and reads the message when that works again', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    session.auth.failing = true;
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'kept for you' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    session.auth.failing = false;
    await world.connect(session);
    const { message } = await session.event('message');
    expect(message.content).toEqual({ type: 'text', text: 'kept for you' });
  });
}

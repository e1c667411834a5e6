import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { type EngineWorld, pn } from './engine-world.js';
import { send } from './send.js';

/** Part of the contract: what is said, both ways. */
export function messages(world: EngineWorld): void {
  it('brings and sends text, up to the read receipt', async () => {
    const names = { own: 'Eva', friend: 'Finn' };
    const { session, engine, phone, friend } = await world.linkedWithFriend(names);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'hello' });
    const { source, message } = await session.event('message', ({ message: m }) => !m.fromMe);
    expect(source).toBe('live');
    expect(message).toMatchObject({ content: { type: 'text', text: 'hello' }, pushName: 'Finn' });
    expect([message.chatJid, message.chatAltJid]).toContain(pn(friend));
    expect([message.chatJid, message.chatAltJid].some((jid) => jid?.endsWith('@lid'))).toBe(true);
    expect(Math.abs(message.timestamp - Date.now())).toBeLessThan(30_000);

    const id = newMessageId();
    const content = { type: 'text', text: 'hello back' } as const;
    const sent = await send(engine, { id, chatJid: message.chatJid, content, quoted: message.raw });
    expect(sent.raw.length).toBeGreaterThan(0);
    expect((await world.messageOn(friend, 'hello back')).id).toBe(id);
    const mine = { messageIds: [id] };
    for (const status of ['sent', 'delivered'] as const) {
      await session.event('receipt', (r) => r.status === status && r.messageIds.includes(id));
    }
    await world.api('POST', `/phones/${friend}/read`, { chat: phone });
    const read = await session.event('receipt', (r) => r.status === 'read');
    expect(read).toMatchObject(mine);
    // The own phone sees what was sent from here.
    await world.messageOn(phone, 'hello back');
  });

  it('writes first to a number that it does not know', async () => {
    const { engine, friend } = await world.linkedWithFriend();
    const content = { type: 'text', text: 'we have not met' } as const;
    await send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, 'we have not met');
    const nobody = send(engine, { id: newMessageId(), chatJid: pn('99988877766655'), content });
    await expect(nobody).rejects.toMatchObject({ code: 'not-on-whatsapp', certainlyNotSent: true });
  });

  it('marks as read', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'read me' });
    const { message } = await session.event('message');
    await engine.markRead(message.chatJid, [{ id: message.id }]);
    await world.messageOn(friend, 'read me', 'read');
  });

  it('brings and sends reactions', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'react' });
    const { message } = await session.event('message');
    const content = { type: 'reaction', targetId: message.id, emoji: '👍' } as const;
    await send(engine, { id: newMessageId(), chatJid: message.chatJid, content });
    await world.settle();
    const reaction = { messageId: message.id, emoji: '🎉' };
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, reaction });
    const got = await session.event('message', (e) => e.message.content.type === 'reaction');
    expect(got.message.content).toEqual({
      type: 'reaction',
      targetId: message.id,
      emoji: '🎉',
    });
  });

  it('talks in groups', async () => {
    const names = { own: 'Gil', friend: 'Hana' };
    const { session, engine, phone, friend } = await world.linkedWithFriend(names);
    const { id: chatJid } = await world.api<{ id: string }>('POST', '/groups', {
      subject: 'Trio',
      participants: [friend, phone],
    });
    await world.api('POST', `/phones/${friend}/messages`, { to: chatJid, text: 'all of you' });
    const { message } = await session.event('message', (e) => e.message.content.type === 'text');
    expect(message).toMatchObject({ chatJid, content: { text: 'all of you' } });
    expect([message.senderJid, message.senderAltJid]).toContain(pn(friend));
    const { groups } = await session.event('groups', (event) => event.groups.length > 0);
    expect(groups).toContainEqual(
      expect.objectContaining({ jid: chatJid, subject: 'Trio', participants: expect.any(Array) }),
    );
    expect(groups.find(({ jid }) => jid === chatJid)?.participants).toHaveLength(2);

    const id = newMessageId();
    await send(engine, { id, chatJid, content: { type: 'text', text: 'all of us' } });
    await world.messageOn(friend, 'all of us');
    const receipt = await session.event('receipt', (r) => r.status === 'delivered');
    expect(receipt).toMatchObject({ chatJid, messageIds: [id] });
    if (world.traits.speaksTheWire) expect(receipt.participantJid).toBeDefined();
  });

  it('brings what waited while it was away, and what the phone itself sent', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    await engine.disconnect();
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'are you there' });
    await world.messageOn(phone, 'are you there');
    await world.connect(session);
    const asked = { type: 'text', text: 'are you there' };
    const waited = await session.event('message', ({ message: { content } }) =>
      isDeepStrictEqual(content, asked),
    );
    expect(waited).toMatchObject({ source: 'offline' });
    await world.api('POST', `/phones/${phone}/messages`, { to: friend, text: 'from my phone' });
    const fromPhone = { type: 'text', text: 'from my phone' };
    const own = await session.event('message', ({ message: { content } }) =>
      isDeepStrictEqual(content, fromPhone),
    );
    expect(own).toMatchObject({ source: 'phone', message: { senderJid: pn(phone) } });
    expect([own.message.chatJid, own.message.chatAltJid]).toContain(pn(friend));
  });

  it('tells who is typing, and tells it', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    for (const state of world.traits.speaksTheWire ? (['composing', 'paused'] as const) : []) {
      await world.api('POST', `/phones/${friend}/typing`, { to: phone, state });
      await session.event('chat-state', (e) => e.state === state);
    }
    await engine.sendChatState(pn(friend), 'composing');
    await engine.sendPresence(true);
    await engine.ping();
  });

  it('says when a message is refused', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    // WhatsApp's page sends by way of the phone.
    const sender = world.traits.speaksTheWire ? {} : { device: 0 };
    await world.fault('ack_error', phone, { code: 463, ...sender });
    const id = newMessageId();
    await send(engine, { id, chatJid: pn(friend), content: { type: 'text', text: 'no' } });
    const refused = await session.event('send-refused');
    expect(refused).toMatchObject({ messageId: id });
    // WhatsApp's page keeps the code to itself.
    if (world.traits.speaksTheWire) expect(refused.code).toBe(463);
  });
}

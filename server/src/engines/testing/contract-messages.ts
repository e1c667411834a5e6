import { expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { type EngineWorld, pn } from './engine-world.js';
import { send } from './send.js';

/** Part of the contract: what is said, both ways. */
export function messages(world: EngineWorld): void {
  it('brings and sends text, up to the read receipt', async () => {
    const [phone, friend] = [await world.phone('Eva'), await world.phone('Finn')];
    const { session, engine } = await world.linked(phone);
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
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { engine } = await world.linked(phone);
    const content = { type: 'text', text: 'we have not met' } as const;
    await send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, 'we have not met');
    const nobody = send(engine, { id: newMessageId(), chatJid: pn('99988877766655'), content });
    await expect(nobody).rejects.toMatchObject({ code: 'not-on-whatsapp', certainlyNotSent: true });
  });

  it('marks as read', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'read me' });
    const { message } = await session.event('message');
    await engine.markRead(message.chatJid, [{ id: message.id }]);
    await world.messageOn(friend, 'read me', 'read');
  });

  it('brings and sends reactions', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
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
    const [phone, friend] = [await world.phone('Gil'), await world.phone('Hana')];
    const { session, engine } = await world.linked(phone);
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
      expect.objectContaining({ jid: chatJid, subject: 'Trio', addressing: 'lid' }),
    );
    expect(groups[0]?.participants).toHaveLength(2);

    const id = newMessageId();
    await send(engine, { id, chatJid, content: { type: 'text', text: 'all of us' } });
    await world.messageOn(friend, 'all of us');
    const receipt = await session.event('receipt', (r) => Boolean(r.participantJid));
    expect(receipt).toMatchObject({ chatJid, messageIds: [id], status: 'delivered' });
  });

  it('brings what waited while it was away, and what the phone itself sent', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'are you there' });
    await world.messageOn(phone, 'are you there');
    await world.connect(session);
    const waited = await session.event('message');
    expect(waited).toMatchObject({ source: 'offline', message: { content: { type: 'text' } } });
    await world.api('POST', `/phones/${phone}/messages`, { to: friend, text: 'from my phone' });
    const own = await session.event('message', (e) => e.message.fromMe);
    expect(own).toMatchObject({ source: 'phone', message: { senderJid: pn(phone) } });
    expect([own.message.chatJid, own.message.chatAltJid]).toContain(pn(friend));
  });

  it('tells who is typing, and tells it', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/typing`, { to: phone, state: 'composing' });
    await session.event('chat-state', (e) => e.state === 'composing');
    await world.api('POST', `/phones/${friend}/typing`, { to: phone, state: 'paused' });
    await session.event('chat-state', (e) => e.state === 'paused');
    await engine.sendChatState(pn(friend), 'composing');
    await engine.sendPresence(true);
    await engine.ping();
  });

  it('sends again what a recipient could not read, also after connecting anew', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
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

  it('says when a message is refused', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.fault('ack_error', phone, { code: 463 });
    const id = newMessageId();
    await send(engine, { id, chatJid: pn(friend), content: { type: 'text', text: 'no' } });
    expect(await session.event('send-refused')).toMatchObject({ messageId: id, code: 463 });
  });

  it('recovers a message that could not be decrypted', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const content = { type: 'text', text: 'so that the friend has a session' } as const;
    await send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, content.text);
    await world.settle();
    await world.fault('undecryptable', phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'second try' });
    await session.event('message', (e) => e.message.content.type === 'undecryptable');
    await session.event('message', (e) => e.message.content.type === 'text');
  });
}

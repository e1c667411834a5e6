import type { Message, SendContent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';

describe.each(databases)('what is more than a message of a chat, on %s', (database) => {
  let world: KindsWorld;

  beforeAll(async () => {
    world = await KindsWorld.start(database);
  });
  afterAll(() => world.stop());

  const message = (id: string, fits?: (message: Message) => boolean) =>
    world.server.message('main', id, fits);
  const refusal = async (chatId: string, content: object, more?: object) => {
    const { status, body } = await world.ask(chatId, content, more);
    return { status, code: body.error?.code };
  };

  it('the timer of a chat: set by either side, told, and applied to what is sent', async () => {
    const id = await world.say(world.third, world.own, { kind: 'timer', seconds: 86_400 });
    expect(await message(id)).toMatchObject({
      type: 'system',
      content: 'Messages disappear after 24 hours',
      system: { action: 'disappearing_timer', seconds: 86_400 },
    });
    const sent = await world.send(world.third, { type: 'text', text: 'gone soon' });
    expect(await world.onPhone(world.third, sent)).toMatchObject({ expiresIn: 86_400 });
    const back = await world.say(world.third, world.own, { kind: 'text', text: 'me too' });
    expect(await message(back)).toMatchObject({ expiresIn: 86_400 });

    const timer = await world.send(world.third, { type: 'disappearing_timer', seconds: 0 });
    expect(await world.onPhone(world.third, timer)).toMatchObject({ kind: 'timer', seconds: 0 });
    expect(await message(timer)).toMatchObject({ content: 'Messages no longer disappear' });
    const stays = await world.send(world.third, { type: 'text', text: 'stays' });
    expect((await world.onPhone(world.third, stays)).expiresIn).toBeUndefined();
    expect(await refusal(world.group, { type: 'disappearing_timer', seconds: 0 })).toEqual({
      status: 409,
      code: 'wrong_kind',
    });
  });

  it('status posts, both ways', async () => {
    // A phone's posts go to those whom it writes to.
    await message(await world.say(world.other, world.own, { kind: 'text', text: 'hello' }));
    const id = await world.say(world.other, 'status@broadcast', {
      kind: 'text',
      text: 'my day',
      background: '#1f7a6b',
      font: 2,
    });
    const seen = await message(id);
    expect(seen).toMatchObject({
      chatId: 'status@broadcast',
      content: 'my day',
      senderName: 'Elena Rojas',
      fromMe: false,
    });
    const audience = [world.other];
    const content: SendContent = { type: 'text', text: 'our offer', backgroundColor: '#aa3300' };
    const sent = await world.send('status@broadcast', content, { audience });
    const got = await world.onPhone(world.other, sent);
    expect(got).toMatchObject({
      chat: 'status@broadcast',
      from: world.own,
      text: 'our offer',
      background: '#aa3300',
    });
    await world.onPhone(world.own, sent);
    const onThird = (await world.sandbox.messagesOf(world.third)).some((m) => m.id === sent);
    expect(onThird).toBe(false);
    await world.send('status@broadcast', { type: 'revoke', targetId: sent }, { audience });
    await world.onPhone(world.other, sent, (m) => m.revoked === true);
    expect(
      await refusal('status@broadcast', { type: 'location', latitude: 1, longitude: 1 }),
    ).toEqual({ status: 409, code: 'wrong_kind' });
  });

  it('makes the card of a phone number', async () => {
    const contacts = [{ name: 'Ana; "A"', phone: '+51999111222', organization: 'Shop' }];
    const id = await world.send(world.other, { type: 'contact', contacts });
    const got = await world.onPhone(world.other, id);
    const [{ vcard }] = got.contacts as [{ vcard: string }];
    expect(vcard).toContain('FN:Ana\\; "A"\nORG:Shop\nTEL;type=CELL;type=VOICE;waid=51999111222:');
  });

  it('keeps kinds that nobody knows byte for byte', async () => {
    // Message: field 1999, length-delimited, with 300 bytes; and messageContextInfo (35) before it.
    const body = Buffer.alloc(300, 0xab);
    const unknown = Buffer.concat([
      Buffer.from([0x9a, 0x02, 0x00]),
      Buffer.from([0xfa, 0x7c, 0xac, 0x02]),
      body,
    ]);
    for (const [phone, chat] of [
      [world.other, world.own],
      [world.other, world.group],
      [world.own, world.other],
    ] as const) {
      const id = await world.sandbox.write(phone, {
        to: chat,
        encoded: unknown.toString('base64'),
      });
      const seen = await message(id);
      expect(seen).toMatchObject({ type: 'other', content: '', fromMe: phone === world.own });
      const { body: one } = await world.server.call<Message>(
        'GET',
        `/api/sessions/main/messages/${id}?raw=1`,
      );
      expect(Buffer.from(one.raw ?? '', 'base64').includes(unknown)).toBe(true);
    }
  });

  it('what may be viewed once is said to be so; files are forwarded as they stand', async () => {
    const picture = async (more: string) => {
      const query = `to=${world.own}&kind=image&mimetype=image/jpeg&caption=look${more}`;
      const url = `${world.sandbox.address.controlUrl}/api/phones/${world.other}/media?${query}`;
      const body = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = await fetch(url, { method: 'POST', body, headers });
      return ((await answer.json()) as { id: string }).id;
    };
    const forward = async (id: string) => {
      const path = `/api/sessions/main/messages/${id}/forward`;
      const body = { chatId: world.third };
      return await world.server.call<{ messageId: string; error?: { code: string } }>(
        'POST',
        path,
        body,
      );
    };
    const once = await picture('&viewOnce=1');
    expect(await message(once)).toMatchObject({ type: 'image', content: 'look', viewOnce: true });
    expect((await forward(once)).body.error?.code).toBe('wrong_kind');

    const id = await picture('');
    expect((await message(id)).viewOnce).toBeUndefined();
    const { body } = await forward(id);
    const got = await world.onPhone(world.third, body.messageId);
    expect(got).toMatchObject({ kind: 'image', text: 'look', forwarded: 1 });
    const file = await fetch(
      `${world.sandbox.address.controlUrl}/api/phones/${world.third}/messages/${body.messageId}/media`,
    );
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
  });
});

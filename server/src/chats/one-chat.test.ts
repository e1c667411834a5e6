import type { ChangeChat, Chat, LogEvent, Message } from '@patchbay/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { pnJidOf } from '../whatsapp/jid.js';
import { ChatAddresses } from './chat-addresses.js';

describe.each(databases)('one chat per person on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;
  let lid: string;
  let pn: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Own number');
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });
  beforeEach(async () => {
    friend = await sandbox.phone('Marta');
    pn = pnJidOf(friend);
    lid = await sandbox.lidOf(friend);
  });

  /** The friend's next messages come without the number beside the LID. */
  const hideNumber = (times: number) =>
    sandbox.call('POST', '/api/faults', { kind: 'one_name', phone: own, times });
  const chats = async () =>
    (
      await server.call<{ chats: Chat[] }>('GET', '/api/sessions/main/chats?limit=200')
    ).body.chats.filter((chat) => [pn, lid].includes(chat.id));
  const thread = async (chat: string) =>
    (
      await server.call<{ messages: Message[] }>(
        'GET',
        `/api/sessions/main/chats/${encodeURIComponent(chat)}/messages?limit=200`,
      )
    ).body.messages;
  const merges = async () => {
    const all: LogEvent[] = [];
    for (let after = 0; ; ) {
      const { body } = await server.call<{ events: LogEvent[]; after: number }>(
        'GET',
        `/api/events?limit=500&after=${after}`,
      );
      if (body.events.length === 0) break;
      all.push(...body.events);
      after = body.after;
    }
    return all.flatMap((event) =>
      event.name === 'chat.merged' && event.data.from === lid ? [event.data] : [],
    );
  };
  const merged = () =>
    eventually('the chats are one', async () => ((await merges()).length ? true : undefined));

  it('joins the chats when an answer tells whose LID it was', async () => {
    await hideNumber(2);
    const first = await sandbox.write(friend, { to: own, text: 'who is it' });
    const second = await sandbox.write(friend, { to: own, text: 'that I am' });
    await server.message('main', second);
    expect(await chats()).toMatchObject([{ id: lid, phone: null, unreadCount: 2 }]);

    const sent = await server.send('main', friend, 'I know you');
    await merged();
    await server.message('main', sent, ({ status }) => status === 'delivered');
    const [chat, ...others] = await chats();
    expect(others).toEqual([]);
    expect(chat).toMatchObject({ id: pn, phone: friend, name: 'Marta', unreadCount: 2 });
    const messages = await thread(pn);
    expect(messages.map(({ id }) => id)).toEqual([first, second, sent]);
    expect(messages[0]?.senderName).toBe('Marta');
    for (const name of [lid, friend]) expect(await thread(name)).toEqual(messages);

    const third = await sandbox.write(friend, { to: own, text: 'with the number again' });
    await server.message('main', third, ({ chatId }) => chatId === pn);
    await hideNumber(1);
    const fourth = await sandbox.write(friend, { to: own, text: 'and without' });
    await server.message('main', fourth, ({ chatId }) => chatId === pn);
    expect(await merges()).toEqual([{ from: lid, into: pn }]);
    expect(await chats()).toMatchObject([{ id: pn, unreadCount: 4 }]);
  });

  it('keeps what was set under either name', async () => {
    const settle = (chat: string, change: ChangeChat) =>
      server.call<Chat>('PATCH', `/api/sessions/main/chats/${chat}`, change);
    const label = async (chat: string, id: string) => {
      await server.call('PUT', `/api/sessions/main/labels/${id}`, { name: `Label ${id}` });
      const path = `/api/sessions/main/chats/${chat}/labels/${id}`;
      expect((await server.call('PUT', path)).status).toBe(200);
    };
    await hideNumber(1);
    const first = await sandbox.write(friend, { to: own, text: 'under one name' });
    await server.message('main', first, ({ chatId }) => chatId === lid);
    // Later: it makes the other chat, and asks nobody whose number it is.
    await server.call('POST', '/api/sessions/main/send/text', {
      chatId: friend,
      text: 'under the other',
      sendAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const mutedUntil = new Date(Date.now() + 7_200_000).toISOString();
    const sooner = new Date(Date.now() + 60_000).toISOString();
    const one = await settle(lid, { pinned: true, muted: true, mutedUntil, unread: true });
    expect(one.body).toMatchObject({ id: lid, pinned: true, muted: true, markedUnread: true });
    const two = await settle(pn, { archived: true, muted: true, mutedUntil: sooner });
    expect(two.body).toMatchObject({ id: pn, pinned: false, archived: true, mutedUntil: sooner });
    await label(lid, '7');
    await label(pn, '7');
    await label(pn, '8');
    expect(await merges()).toEqual([]);

    const second = await sandbox.write(friend, { to: own, text: 'with both names' });
    await server.message('main', second, ({ chatId }) => chatId === pn);
    await merged();
    expect(await chats()).toMatchObject([
      {
        id: pn,
        archived: false,
        pinned: true,
        muted: true,
        mutedUntil,
        markedUnread: true,
        unreadCount: 2,
        labels: ['7', '8'],
      },
    ]);
  });

  it('keeps one reaction of a person, whichever name it came under', async () => {
    const id = await server.send('main', friend, 'Like it?');
    await server.message('main', id, ({ status }) => status === 'delivered');
    const react = (emoji: string) =>
      sandbox.write(friend, { to: own, reaction: { messageId: id, emoji } });
    const shows = (emoji: string) =>
      server.message('main', id, ({ reactions }) => reactions.some((r) => r.emoji === emoji));
    await hideNumber(1);
    await react('👍');
    await shows('👍');
    await react('❤️');
    const { reactions } = await shows('❤️');
    expect(reactions).toMatchObject([{ emoji: '❤️', senderJid: pn }]);
  });

  it('learns of many people at once, of whom some have written or reacted', async () => {
    await hideNumber(1);
    const id = await sandbox.write(friend, { to: own, text: 'Do we all agree?' });
    await server.message('main', id, ({ chatId }) => chatId === lid);
    const { database, log } = server.house;
    const { kysely } = database;
    const people = Array.from({ length: 450 }, (_, n) => ({
      lid: `${7_000_000 + n}@lid`,
      pn: pnJidOf(`5599${1_000_000 + n}`),
    }));
    const [once, twice, moved] = people as [(typeof people)[0], (typeof people)[0], { pn: string }];
    const formerLid = '6999999@lid';
    const told = [...people.slice(0, 300), { lid, pn }, ...people.slice(300)];
    told.push({ lid: formerLid, pn: moved.pn });
    const reaction = (sender_jid: string, emoji: string, at: number) => ({
      ...{ session_id: 'main', message_id: id, sender_jid, from_me: 0, emoji, at },
    });
    const reactions = [
      reaction(once.lid, '1', 1000),
      reaction(twice.pn, '2', 1000),
      reaction(twice.lid, '3', 2000),
      reaction(formerLid, '4', 1000),
      reaction('7000002@lid', '5', 2000),
    ];
    await database.write([{ query: kysely.insertInto('reactions').values(reactions) }]);

    const { owner_id: ownerId } = await kysely
      .selectFrom('sessions')
      .select('owner_id')
      .where('id', '=', 'main')
      .executeTakeFirstOrThrow();
    await new ChatAddresses(database, log).learnAll({ id: 'main', ownerId }, told);

    const known = await kysely
      .selectFrom('lid_mappings')
      .select(['lid', 'pn'])
      .where('session_id', '=', 'main')
      .execute();
    expect(known).toEqual(expect.arrayContaining(told));
    const kept = await kysely
      .selectFrom('reactions')
      .select(['sender_jid', 'emoji'])
      .where('message_id', '=', id)
      .execute();
    expect(new Map(kept.map((row) => [row.sender_jid, row.emoji]))).toEqual(
      new Map([
        [once.pn, '1'],
        [twice.pn, '3'],
        [moved.pn, '5'],
      ]),
    );
    expect(kept).toHaveLength(3);
    expect((await thread(pn)).map((message) => message.id)).toEqual([id]);
    expect(await chats()).toHaveLength(1);
  });

  it('loses nothing of what comes in and goes out while the mapping is learnt', async () => {
    const count = 30;
    await hideNumber(count);
    await sandbox.write(friend, { to: own, text: 'before' });
    const incoming = (async () => {
      const ids: string[] = [];
      for (let n = 1; n < count; n += 1) {
        ids.push(await sandbox.write(friend, { to: own, text: `in ${n}` }));
      }
      return ids;
    })();
    const outgoing = await Promise.all(
      Array.from({ length: 10 }, (_, n) => server.send('main', n % 2 ? friend : lid, `out ${n}`)),
    );
    const ids = [...(await incoming), ...outgoing];
    for (const id of ids) await server.message('main', id, ({ chatId }) => chatId === pn);
    const shown = (await thread(friend)).map((message) => message.id);
    expect(shown).toHaveLength(count + outgoing.length);
    expect(shown).toEqual(expect.arrayContaining(ids));
    expect(await chats()).toMatchObject([{ id: pn, unreadCount: count }]);
    expect(await merges()).toHaveLength(1);
  });
});

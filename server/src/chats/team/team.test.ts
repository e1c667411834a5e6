import type {
  CannedReply,
  ChangeTeamState,
  Chat,
  MessagePage,
  Note,
  NotePage,
  TeamLabel,
} from '@patchbay/contract';
import { fillCannedReply } from '@patchbay/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventsOf } from '../../testing/events-of.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { pnJidOf } from '../../whatsapp/jid.js';

describe.each(longOn('sqlite'))('team work on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;

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
  });

  const call = <T>(method: string, path: string, body?: object) =>
    server.call<T>(method, `/api/sessions/main/chats${path}`, body);
  const written = async (text: string) => {
    const id = await sandbox.write(friend, { to: own, text });
    return await server.message('main', id);
  };
  const change = async (body: ChangeTeamState, chat = friend) =>
    await call<Chat>('PATCH', `/${encodeURIComponent(chat)}/team`, body);
  const chat = async () => (await call<Chat>('GET', `/${friend}`)).body;
  const told = async (chatId = pnJidOf(friend)) =>
    (await eventsOf(server, 'main', 'chat.team')).filter((event) => event.chatId === chatId);
  const note = async (text: string) => {
    const { status, body } = await call<Note>('POST', `/${friend}/notes`, { text });
    expect(status).toBe(201);
    return body;
  };
  const label = async (name: string) => {
    const body = { name: `${name} ${friend}`, color: '#0a7f64' };
    return (await server.call<TeamLabel>('POST', '/api/team/labels', body)).body;
  };

  it('keeps who has a chat and what is to do, and tells each change once', async () => {
    await written('Hello?');
    expect(await chat()).toMatchObject({ status: 'open', assigneeId: null, teamLabels: [] });
    const { id } = await label('VIP');
    const taken = { status: 'pending', assigneeId: 'owner', teamLabels: [id] } as const;
    const ask: ChangeTeamState = { status: 'pending', assigneeId: 'owner', addLabels: [id] };
    expect((await change(ask)).body).toMatchObject(taken);
    expect((await change(ask)).body).toMatchObject(taken);
    const left = { ...taken, assigneeId: null, teamLabels: [] };
    expect((await change({ assigneeId: null, removeLabels: [id, 'x'] })).body).toMatchObject(left);
    const about = { chatId: pnJidOf(friend), by: 'owner' };
    expect(await told()).toEqual([
      { ...about, ...taken, changed: ['status', 'assignee', 'labels'] },
      { ...about, ...left, changed: ['assignee', 'labels'] },
    ]);
  });

  it('gives a chat only to somebody who may use the account', async () => {
    await written('Hello');
    const refused = await change({ status: 'resolved', assigneeId: 'nobody' });
    expect([refused.status, (await chat()).status]).toEqual([404, 'open']);
  });

  it('loses no change of several people at once', async () => {
    await written('Everybody wants me');
    const labels = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(label));
    const ids = labels.map(({ id }) => id);
    await Promise.all([
      change({ assigneeId: 'owner' }),
      change({ status: 'pending' }),
      ...ids.map((id) => change({ addLabels: [id] })),
    ]);
    const all = { assigneeId: 'owner', status: 'pending', teamLabels: ids.sort() };
    expect(await chat()).toMatchObject(all);
    const events = await told();
    expect(events).toHaveLength(7);
    expect(events.at(-1)).toMatchObject(all);
  });

  it('opens a chat again with an inbound message, and not with one of our own', async () => {
    await written('First');
    for (const status of ['resolved', 'pending'] as const) {
      await change({ status, assigneeId: 'owner' });
      await server.message('main', await server.send('main', friend, 'Anything else?'));
      const mine = await sandbox.write(own, { to: friend, text: 'From the phone' });
      await server.message('main', mine);
      const reaction = { messageId: mine, emoji: '👍' };
      await sandbox.write(friend, { to: own, reaction });
      await server.message('main', mine, ({ reactions }) => reactions.length > 0);
      expect(await chat()).toMatchObject({ status, assigneeId: 'owner' });
      const { id } = await written('One thing more');
      expect(await chat()).toMatchObject({ status: 'open', assigneeId: 'owner' });
      expect((await told()).at(-1)).toMatchObject({
        ...{ status: 'open', assigneeId: 'owner', changed: ['status'], by: null },
      });
      const messages = await eventsOf(server, 'main', 'session.message');
      expect(messages.filter(({ message }) => message.id === id)).toHaveLength(1);
    }
    expect(await told()).toHaveLength(4);
  });

  it('keeps what the team had when two chats become one', async () => {
    const [lid, pn] = [await sandbox.lidOf(friend), pnJidOf(friend)];
    await sandbox.call('POST', '/api/faults', { kind: 'one_name', phone: own, times: 1 });
    await written('Under one name');
    const [one, other] = [await label('one'), await label('other')];
    await change({ status: 'pending', assigneeId: 'owner', addLabels: [one.id] }, lid);
    const path = `/${encodeURIComponent(lid)}/notes`;
    const first = (await call<Note>('POST', path, { text: 'Who is this?' })).body;
    // Later: it makes the other chat, and asks nobody whose number it is.
    await server.call('POST', '/api/sessions/main/send/text', {
      ...{ chatId: friend, text: 'Under the other' },
      sendAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await change({ status: 'resolved', addLabels: [one.id, other.id] }, pn);
    const second = await note('Marta');
    // Our own message, which opens nothing, brings both names.
    await server.message('main', await server.send('main', friend, 'Is it you?'));
    await eventually('the chats are one', async () => {
      const merged = await eventsOf(server, 'main', 'chat.merged');
      return merged.some(({ from }) => from === lid) || undefined;
    });
    expect(await chat()).toMatchObject({
      ...{ id: pn, status: 'pending', assigneeId: 'owner' },
      teamLabels: [one.id, other.id].sort(),
    });
    const { notes } = (await call<NotePage>('GET', `/${friend}/notes`)).body;
    expect(notes.map(({ id, chatId }) => [id, chatId])).toEqual([
      [second.id, pn],
      [first.id, pn],
    ]);
    const { status } = await change({ status: 'resolved' }, lid);
    expect([status, (await chat()).status]).toEqual([200, 'resolved']);
  });

  it('shows notes between the messages of a thread, each on one page', async () => {
    const order: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      order.push((await note(`note ${n}`).catch(() => undefined))?.id ?? '');
      order.push((await written(`message ${n}`)).id);
    }
    expect(order[0]).toBe('');
    order[6] = (await note('the last')).id;
    const { lastNote, lastMessage } = await chat();
    expect([lastNote?.id, lastMessage?.id]).toEqual([order[6], order[5]]);

    const newest = (await call<MessagePage>('GET', `/${friend}/messages`)).body;
    expect(newest.notes?.map(({ id, afterMessageId }) => [afterMessageId, id])).toEqual([
      [order[1], order[2]],
      [order[3], order[4]],
      [order[5], order[6]],
    ]);
    for (const limit of [1, 2]) {
      const seen: string[] = [];
      for (let before: string | null = ''; before !== null; ) {
        const query: string = `limit=${limit}${before && `&before=${before}`}`;
        const page = (await call<MessagePage>('GET', `/${friend}/messages?${query}`)).body;
        seen.unshift(...(page.notes ?? []).map(({ id }) => id));
        before = page.before;
      }
      expect(seen).toEqual([order[2], order[4], order[6]]);
      const around = `/${friend}/messages?limit=${limit}&around=${order[1]}`;
      const forth: string[] = [];
      for (let path: string | undefined = around; path; ) {
        const page: MessagePage = (await call<MessagePage>('GET', path)).body;
        forth.push(...(page.notes ?? []).map(({ id }) => id));
        path = page.after && `/${friend}/messages?limit=${limit}&after=${page.after}`;
      }
      expect(forth).toEqual([order[2], order[4], order[6]]);
    }
  });

  it('lets a note be changed and deleted, and tells it', async () => {
    await written('Hello');
    const { id } = await note('first words');
    const path = `/${friend}/notes/${id}`;
    const changed = await call<Note>('PATCH', path, { text: 'better words' });
    expect(changed.body).toMatchObject({ text: 'better words', authorId: 'owner' });
    expect(changed.body.editedAt).not.toBeNull();
    expect((await call('PATCH', path, { text: '  ' })).status).toBe(400);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('DELETE', path)).status).toBe(404);
    expect((await call('PATCH', path, { text: 'too late' })).status).toBe(404);
    const events = await eventsOf(server, 'main', 'chat.note');
    expect(
      events
        .filter((event) => event.note.id === id)
        .map(({ action, chatId, note: { text } }) => [action, chatId, text]),
    ).toEqual([
      ['created', pnJidOf(friend), 'first words'],
      ['changed', pnJidOf(friend), 'better words'],
      ['deleted', pnJidOf(friend), 'better words'],
    ]);
    const sent = await sandbox.messagesOf(friend);
    expect(sent.filter(({ text }) => text.includes('words'))).toEqual([]);
  });

  it('forgets what it kept with the chat', async () => {
    await written('Hello');
    const { id } = await label('gone');
    await note('gone');
    await change({ status: 'resolved', assigneeId: 'owner', addLabels: [id] });
    expect((await call('DELETE', `/${friend}`)).status).toBe(200);
    const nothing = { status: 'open', assigneeId: null, teamLabels: [], lastNote: null };
    expect(await chat()).toMatchObject(nothing);
    expect((await call<NotePage>('GET', `/${friend}/notes`)).body.notes).toEqual([]);
  });

  it('forgets what it kept with the session', async () => {
    const [ownOther, visitor] = [
      await sandbox.phone('Other number'),
      await sandbox.phone('Visitor'),
    ];
    await server.linked(sandbox, 'other', ownOther);
    const path = `/api/sessions/other/chats/${visitor}`;
    await server.call('POST', '/api/sessions/other/chats', { phone: visitor });
    const { id } = await label('of a session');
    await server.call('PATCH', `${path}/team`, { status: 'resolved', addLabels: [id] });
    expect((await server.call('POST', `${path}/notes`, { text: 'gone' })).status).toBe(201);
    expect((await server.call('DELETE', '/api/accounts/other')).status).toBe(200);
    const { kysely } = server.house.database;
    for (const table of ['chat_notes', 'chat_team_labels'] as const) {
      const left = await kysely.selectFrom(table).select('session_id').execute();
      expect(left.filter(({ session_id }) => session_id === 'other')).toEqual([]);
    }
    const done = await kysely
      .selectFrom('chats')
      .select('id')
      .where('session_id', '=', 'other')
      .where('team_status', '!=', 'open')
      .execute();
    expect(done).toEqual([]);
  });

  it('starts a chat with a number, if it is on WhatsApp', async () => {
    const started = await call<Chat>('POST', '', { phone: `+${friend}` });
    expect([started.status, started.body]).toMatchObject([
      200,
      { id: pnJidOf(friend), phone: friend, name: `+${friend}`, lastMessage: null },
    ]);
    const page = await call<MessagePage>('GET', `/${friend}/messages`);
    expect(page.body).toMatchObject({ messages: [], notes: [], before: null });
    await note('Before anything was said');
    expect((await call<Chat>('POST', '', { phone: friend })).body.id).toBe(pnJidOf(friend));
    const { id } = await written('Here I am');
    const thread = (await call<MessagePage>('GET', `/${friend}/messages`)).body;
    expect(thread.messages.map((message) => message.id)).toEqual([id]);
    expect(thread.notes).toMatchObject([{ afterMessageId: null }]);

    const errorOf = async (phone: string) => {
      const { status, body } = await call<{ error: { code: string } }>('POST', '', { phone });
      return [status, body.error.code];
    };
    expect(await errorOf('99911112222')).toEqual([404, 'not_on_whatsapp']);
    expect(await errorOf('+1-2-3')).toEqual([400, 'invalid_phone']);
  });

  it('has labels of its own, which leave the chats with them', async () => {
    await written('Hello');
    const [one, two] = [await label('first'), await label('second')];
    const api = `/api/team/labels`;
    const again = await server.call('POST', api, { name: one.name, color: one.color });
    expect(again.status).toBe(409);
    const renamed = await server.call<TeamLabel>('PATCH', `${api}/${one.id}`, { color: '#102030' });
    expect(renamed.body).toEqual({ ...one, color: '#102030' });
    expect((await server.call('PATCH', `${api}/${one.id}`, { name: two.name })).status).toBe(409);
    expect((await change({ addLabels: ['nobody'] })).status).toBe(404);
    await change({ addLabels: [one.id, two.id] });
    expect((await server.call('DELETE', `${api}/${one.id}`)).status).toBe(200);
    expect((await server.call('DELETE', `${api}/${one.id}`)).status).toBe(404);
    expect((await chat()).teamLabels).toEqual([two.id]);
    const { labels } = (await server.call<{ labels: TeamLabel[] }>('GET', api)).body;
    expect(labels.find(({ id }) => id === two.id)).toEqual(two);
    expect(labels.some(({ id }) => id === one.id)).toBe(false);
  });

  it('has canned replies', async () => {
    const api = '/api/team/canned-replies';
    const shortcut = `hi${friend}`;
    const fields = { shortcut, text: 'Hello {{name}}, this is {{ agent }}. {{other}}' };
    const made = await server.call<CannedReply>('POST', api, fields);
    expect([made.status, made.body]).toMatchObject([201, { ...fields, shared: false }]);
    expect((await server.call('POST', api, fields)).status).toBe(409);
    const path = `${api}/${made.body.id}`;
    const changed = await server.call<CannedReply>('PATCH', path, { shared: true });
    expect(changed.body).toEqual({ ...made.body, shared: true });
    const { replies } = (await server.call<{ replies: CannedReply[] }>('GET', api)).body;
    expect(replies).toContainEqual(changed.body);
    expect((await server.call('DELETE', path)).status).toBe(200);
    expect((await server.call('PATCH', path, { text: 'x' })).status).toBe(404);
    expect(fillCannedReply(fields.text, { name: 'Marta', agent: 'Ben' })).toBe(
      'Hello Marta, this is Ben. {{other}}',
    );
  });
});

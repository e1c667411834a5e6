import type {
  AuditPage,
  CannedReply,
  ChangeTeamState,
  Chat,
  ChatCounts,
  ChatPage,
  Note,
  PassingEvent,
  TeamLabel,
} from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventsOf } from '../../testing/events-of.js';
import { eventually } from '../../testing/eventually.js';
import { TestPerson } from '../../testing/test-person.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { TestSocket } from '../../testing/test-socket.js';

describe.each(databases)('a team of several people on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let ada: TestPerson;
  let ben: TestPerson;
  let eva: TestPerson;
  let friend: string;
  let chats: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database, streamTimes: { gather: 20 } });
    ada = await TestPerson.setUp(server);
    ben = await ada.invites('agent', 'ben@example.org');
    eva = await ada.invites('agent', 'eva@example.org');
    const own = await sandbox.phone('Own number');
    friend = await sandbox.phone('Marta');
    await server.linked(sandbox, 'main', own);
    chats = '/api/sessions/main/chats';
    await server.message('main', await sandbox.write(friend, { to: own, text: 'Hello' }));
    const shared = await ada.call('PUT', '/api/sessions/main/shares', {
      everybody: false,
      userIds: [await ben.userId()],
    });
    expect(shared.status).toBe(200);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const listOf = async (person: TestPerson, query = '') =>
    (await person.call<ChatPage>('GET', `/api/chats?${query}`)).body.chats;

  const change = (body: ChangeTeamState) => ada.call('PATCH', `${chats}/${friend}/team`, body);
  const released = () =>
    eventually('the chat is nobody’s', async () => {
      const { body } = await ada.call<Chat>('GET', `${chats}/${friend}`);
      return body.assigneeId === null || undefined;
    });

  it('shows and counts the chats of shared accounts only', async () => {
    expect(await listOf(ben)).toMatchObject([{ sessionId: 'main', phone: friend }]);
    expect(await listOf(eva)).toEqual([]);
    const { body } = await eva.call<ChatCounts>('GET', '/api/chats/counts');
    expect(body).toMatchObject({ open: 0, unassigned: 0, accounts: [], agents: [] });
    expect((await eva.call('GET', '/api/chats?account=main')).status).toBe(404);
    expect((await eva.call('PATCH', `${chats}/${friend}/team`, {})).status).toBe(404);
    expect((await eva.call('GET', `${chats}/${friend}/notes`)).status).toBe(404);
  });

  it('gives a chat to those who may use the account', async () => {
    const give = (assigneeId: string) => change({ assigneeId });
    expect((await give(await eva.userId())).status).toBe(404);
    expect((await give(await ben.userId())).status).toBe(200);
    expect(await listOf(ben, 'mine=true')).toHaveLength(1);
    expect(await listOf(ada, 'mine=true')).toHaveLength(0);
    const { body } = await ben.call<ChatCounts>('GET', '/api/chats/counts');
    const agents = [{ userId: await ben.userId(), open: 1, pending: 0, unread: 1 }];
    expect(body).toMatchObject({ mine: 1, unassigned: 0, agents });
    const [event] = (await eventsOf(server, 'main', 'chat.team')).slice(-1);
    expect(event).toMatchObject({ assigneeId: await ben.userId(), by: await ada.userId() });
  });

  it('lets the author and admins change a note', async () => {
    const write = async (person: TestPerson, text: string) =>
      (await person.call<Note>('POST', `${chats}/${friend}/notes`, { text })).body;
    const [adas, bens] = [await write(ada, 'of Ada'), await write(ben, 'of Ben')];
    expect([adas.authorName, bens.authorName]).toEqual(['Ada', 'ben']);
    const change = async (person: TestPerson, { id }: Note) =>
      (await person.call('PATCH', `${chats}/${friend}/notes/${id}`, { text: 'new' })).status;
    expect([await change(ben, adas), await change(ben, bens)]).toEqual([403, 200]);
    expect([await change(eva, bens), await change(ada, bens)]).toEqual([404, 200]);
    expect((await ben.call('DELETE', `${chats}/${friend}/notes/${adas.id}`)).status).toBe(403);
  });

  it('keeps canned replies to their authors until they are shared', async () => {
    const api = '/api/team/canned-replies';
    const reply = { shortcut: 'hours', text: 'We are open until six.' };
    const { id } = (await ben.call<CannedReply>('POST', api, reply)).body;
    const seen = async (person: TestPerson) =>
      (await person.call<{ replies: CannedReply[] }>('GET', api)).body.replies.length;
    expect([await seen(ben), await seen(eva), await seen(ada)]).toEqual([1, 0, 0]);
    expect((await ada.call('PATCH', `${api}/${id}`, { shared: true })).status).toBe(404);
    expect((await ben.call('PATCH', `${api}/${id}`, { shared: true })).status).toBe(200);
    expect((await eva.call('POST', api, reply)).status).toBe(201);
    expect([await seen(ben), await seen(eva), await seen(ada)]).toEqual([1, 2, 1]);
    expect((await eva.call('DELETE', `${api}/${id}`)).status).toBe(403);
    expect((await ada.call('DELETE', `${api}/${id}`)).status).toBe(200);
  });

  it('lets agents make labels, and admins delete them', async () => {
    const label = { name: 'Wholesale', color: '#123456' };
    const { status, body } = await ben.call<TeamLabel>('POST', '/api/team/labels', label);
    expect(status).toBe(201);
    expect((await ben.call('DELETE', `/api/team/labels/${body.id}`)).status).toBe(403);
    expect((await ada.call('DELETE', `/api/team/labels/${body.id}`)).status).toBe(200);
  });

  it('tells everybody that labels or replies are others, and not what was private', async () => {
    const evas = await TestSocket.open(server.url, '?format=events', {
      ...{ ...eva.headers, origin: server.url },
    });
    await evas.subscribe();
    const told = () =>
      evas.frames.flatMap(({ event }) => {
        const passing = event as PassingEvent | undefined;
        return passing?.name === 'team.updated' ? [passing.data.what] : [];
      });
    const hears = (what: string[]) =>
      eventually(`${what}`, () => told().join() === what.join() || undefined);
    const label = { name: 'Retail', color: '#123456' };
    const { id } = (await ben.call<TeamLabel>('POST', '/api/team/labels', label)).body;
    await hears(['labels']);
    await ben.call('PATCH', `/api/team/labels/${id}`, { name: 'Shops' });
    await ada.call('DELETE', `/api/team/labels/${id}`);
    await hears(['labels', 'labels', 'labels']);
    const reply = { shortcut: 'secret', text: 'only of ben' };
    const made = await ben.call<CannedReply>('POST', '/api/team/canned-replies', reply);
    await ben.call('PATCH', `/api/team/canned-replies/${made.body.id}`, { text: 'of ben only' });
    await ben.call('DELETE', `/api/team/canned-replies/${made.body.id}`);
    const replies = ['canned-replies', 'canned-replies', 'canned-replies'];
    await hears(['labels', 'labels', 'labels', ...replies]);
    expect(JSON.stringify(evas.frames)).not.toMatch(/ben|Shops|secret/);
    const audit = await ada.call<AuditPage>('GET', '/api/audit?action=label.deleted');
    expect(audit.body.entries).toMatchObject([{ target: id, userName: 'Ada' }, {}]);
    evas.socket.terminate();
  });

  it('tells by name who has a chat open, to those who may see it, while they may', async () => {
    const connect = (person: TestPerson) =>
      TestSocket.open(server.url, '?format=events', { ...person.headers, origin: server.url });
    const [adas, bens, evas] = [await connect(ada), await connect(ben), await connect(eva)];
    await Promise.all([adas, bens, evas].map((socket) => socket.subscribe()));
    const told = ({ frames }: TestSocket) =>
      frames.flatMap(({ event }) => {
        const passing = event as PassingEvent | undefined;
        return passing?.name === 'chat.viewers' ? [passing.data.viewers] : [];
      });
    const hears = (socket: TestSocket, names: string[]) =>
      eventually(`viewers ${names}`, () => {
        const last = told(socket).at(-1);
        return last?.map(({ name }) => name).join() === names.join() || undefined;
      });
    const view = { type: 'viewing', sessionId: 'main', chatId: friend };
    evas.say(view);
    await evas.frame('a refusal', ({ error }) => error?.code === 'session_not_found');
    bens.say(view);
    await hears(bens, ['ben']);
    adas.say(view);
    for (const socket of [adas, bens]) await hears(socket, ['ben', 'Ada']);

    await change({ status: 'pending', assigneeId: await ben.userId() });
    await ada.call('PUT', '/api/sessions/main/shares', { everybody: false, userIds: [] });
    await hears(adas, ['Ada']);
    expect(told(evas)).toEqual([]);
    for (const { socket } of [adas, bens, evas]) socket.terminate();
  });

  it('takes chats off those who may no longer see them', async () => {
    await released();
    await ada.call('PUT', '/api/sessions/main/shares', { everybody: true, userIds: [] });
    const reply = { shortcut: 'mine', text: 'Only for me.' };
    expect((await eva.call('POST', '/api/team/canned-replies', reply)).status).toBe(201);
    const evas = await eva.userId();
    expect((await change({ assigneeId: evas })).status).toBe(200);
    expect((await ada.call('DELETE', `/api/users/${evas}`)).status).toBe(200);
    await released();
    const told = await eventsOf(server, 'main', 'chat.team');
    expect(told.at(-1)).toMatchObject({ assigneeId: null, changed: ['assignee'], by: null });
    await eventually('her own replies are gone', async () => {
      const { kysely } = server.house.database;
      const left = await kysely.selectFrom('canned_replies').select('author_id').execute();
      return left.every(({ author_id }) => author_id !== evas) || undefined;
    });
  });

  it('does so when it starts, after a death in between', async () => {
    const share = (everybody: boolean) =>
      ada.call('PUT', '/api/sessions/main/shares', { everybody, userIds: [] });
    await share(true);
    expect((await change({ assigneeId: await ben.userId() })).status).toBe(200);
    // What a death leaves: the share has ended, and nobody has looked at the chats since.
    const { kysely } = server.house.database;
    await server.house.database.write([{ query: kysely.deleteFrom('session_shares') }]);
    await server.close();
    await server.open();
    await released();
  });
});

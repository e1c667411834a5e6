import type {
  Chat,
  Group,
  JoinRequestPage,
  LogEvent,
  Message,
  ParticipantPage,
  ParticipantResults,
} from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(databases)('groups whose admins decide, and timers, on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  const friends: string[] = [];

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Own');
    for (let n = 0; n < 4; n += 1) friends.push(await sandbox.phone(`Friend ${n}`));
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
    friends.length = 0;
  });

  const made = async (subject: string, participants: string[]) =>
    (await sandbox.call<{ id: string }>('POST', '/api/groups', { subject, participants })).id;
  const call = <T>(method: string, path = '', body?: object) =>
    server.call<T>(method, `/api/sessions/main/groups${path}`, body);
  const group = (id: string, fits: (one: Group) => boolean = () => true) =>
    eventually(`group ${id}`, async () => {
      const { status, body } = await call<Group>('GET', `/${id}`);
      return status === 200 && fits(body) ? body : undefined;
    });
  const participants = async (id: string) =>
    (await call<ParticipantPage>('GET', `/${id}/participants`)).body.participants;
  const events = async (name: LogEvent['name']) => {
    const { body } = await server.call<{ events: LogEvent[] }>(
      'GET',
      '/api/events?sessionId=main&limit=500',
    );
    return body.events.filter((event) => event.name === name);
  };

  it('let people in whom an admin approves, and tell who asks', async () => {
    const [a = '', b = '', c = '', d = ''] = friends;
    const { body: made } = await call<Group>('POST', '', { subject: 'Closed', participants: [a] });
    const { id } = made;
    expect(made.joinApproval).toBe(false);
    const closed = await call<Group>('PATCH', `/${id}`, { joinApproval: true });
    expect(closed.body).toMatchObject({ joinApproval: true });
    const { body: invite } = await call<{ code: string }>('GET', `/${id}/invite`);
    for (const phone of [b, c, d]) {
      await sandbox.call('POST', `/api/phones/${phone}/join`, { code: invite.code });
    }
    const requests = (query = '') => call<JoinRequestPage>('GET', `/${id}/join-requests${query}`);
    const { body: asked } = await requests();
    expect(asked.after).toBeNull();
    expect(asked.requests.map(({ phone, method }) => [phone, method]).sort()).toEqual(
      [b, c, d].map((phone) => [phone, 'invite_link']).sort(),
    );
    expect(Date.parse(asked.requests[0]?.requestedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const first = await requests('?limit=2');
    const rest = await requests(`?limit=2&after=${first.body.after}`);
    expect([...first.body.requests, ...rest.body.requests]).toEqual(asked.requests);
    expect(rest.body.after).toBeNull();

    const answer = (action: string, participants: string[]) =>
      call<ParticipantResults>('POST', `/${id}/join-requests`, { action, participants });
    const approved = await answer('approve', [b, a]);
    expect(approved.body.results.map(({ code, success }) => [code, success])).toEqual([
      [200, true],
      [404, false],
    ]);
    expect((await group(id)).size).toBe(3);
    expect((await participants(id)).map(({ phone }) => phone).sort()).toEqual([own, a, b].sort());
    expect((await answer('reject', [c])).body).toMatchObject({ results: [{ success: true }] });
    await call('POST', `/${id}/participants`, { action: 'promote', participants: [a] });
    const no = { by: a, action: 'reject', phones: [d] };
    await sandbox.call('POST', `/api/groups/${id}/join-requests`, no);
    expect((await requests()).body.requests).toEqual([]);

    const notices = await eventually('the notices', async () => {
      const told = (await events('session.message')).flatMap(({ data }) => {
        const { message } = data as { message: Message };
        const { action, people } = message.system ?? {};
        return message.chatId === id && action?.startsWith('join_request_')
          ? [[action, ...(people ?? [])]]
          : [];
      });
      return told.length >= 4 ? told : undefined;
    });
    const jid = (phone: string) => `${phone}@s.whatsapp.net`;
    expect(notices).toEqual([
      ...[b, c, d].map((phone) => ['join_request_created', jid(phone)]),
      ['join_request_rejected', jid(d)],
    ]);
    await sandbox.call('PATCH', `/api/groups/${id}`, { by: a, joinApproval: false });
    await group(id, ({ joinApproval }) => !joinApproval);
  });

  it('are asked for where an admin decides, and known once one has', async () => {
    const [a = ''] = friends;
    const id = await made('Elsewhere', [a, friends[1] as string]);
    await sandbox.call('PATCH', `/api/groups/${id}`, { by: a, joinApproval: true });
    const invite = `/api/groups/${id}/invite?by=${a}`;
    const { code } = await sandbox.call<{ code: string }>('GET', invite);
    const joined = await call('POST', '/join', { code });
    expect(joined.body).toEqual({ groupId: id, pending: true });
    expect((await call('GET', `/${id}`)).status).toBe(404);
    const yes = { by: a, action: 'approve', phones: [own] };
    await sandbox.call('POST', `/api/groups/${id}/join-requests`, yes);
    expect(await group(id)).toMatchObject({ isMember: true, joinApproval: true });
    const forbidden = await call<{ error: { code: string } }>('GET', `/${id}/join-requests`);
    expect([forbidden.status, forbidden.body.error.code]).toEqual([403, 'not_allowed_by_whatsapp']);
  });

  it('have a timer like every chat, which our messages follow', async () => {
    const [a = ''] = friends;
    const { body } = await call<Group>('POST', '', { subject: 'Brief', participants: [a] });
    for (const [chat, phoneChat] of [
      [body.id, body.id],
      [a, own],
    ] as const) {
      await server.send('main', chat, 'before');
      const change = (seconds: number) =>
        server.call<Chat>('PATCH', `/api/sessions/main/chats/${chat}`, {
          ephemeralSeconds: seconds,
        });
      const changed = await change(604_800);
      expect([changed.status, changed.body.ephemeralSeconds]).toEqual([200, 604_800]);
      const id = await server.send('main', chat, 'for a week');
      const got = await eventually('the message', async () =>
        (await sandbox.messagesOf(a)).find((message) => message.id === id),
      );
      expect(got).toMatchObject({ chat: phoneChat, expiresIn: 604_800 });
      expect((await change(0)).body.ephemeralSeconds).toBe(0);
      expect((await change(5)).status).toBe(400);
    }
    expect((await group(body.id)).ephemeralSeconds).toBe(0);
    const timers = await eventually('the timers on the phone', async () => {
      const all = (await sandbox.messagesOf(a)) as unknown as { kind: string; seconds?: number }[];
      const told = all.filter(({ kind }) => kind === 'timer');
      return told.length >= 2 ? told : undefined;
    });
    expect(timers.map(({ seconds }) => seconds ?? 0)).toEqual([604_800, 0]);
  });
});

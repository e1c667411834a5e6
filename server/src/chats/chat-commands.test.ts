import type { Chat, Label, LogEvent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

interface PhoneSettings {
  chats: Record<string, Record<string, unknown>>;
  labels: Record<string, { name: string; color: number }>;
}

describe.each(databases)('chats, contacts, presence and calls on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;
  const session = '/api/sessions/main';

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    [own, friend] = [await sandbox.phone('Own'), await sandbox.phone('Friend')];
    await sandbox.call('PUT', `/api/phones/${own}/labels`, { id: '7', name: 'Paid', color: 3 });
    await sandbox.write(friend, { to: own, text: 'from before' });
    await sandbox.call('PATCH', `/api/phones/${own}/settings`, { chat: friend, pinned: true });
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const call = <T>(method: string, path: string, body?: object) =>
    server.call<T>(method, `${session}${path}`, body);
  const chat = (fits: (one: Chat) => boolean) =>
    eventually('the chat', async () => {
      const { body } = await call<{ chats: Chat[] }>('GET', '/chats');
      return body.chats.find((one) => one.phone === friend && fits(one));
    });
  const settings = async () =>
    await sandbox.call<PhoneSettings>('GET', `/api/phones/${own}/settings`);
  const onPhone = (fits: (one: Record<string, unknown>) => boolean) =>
    eventually('the setting on the phone', async () => {
      const one = (await settings()).chats[friend];
      return one && fits(one) ? one : undefined;
    });
  const events = async (name: LogEvent['name']) => {
    const path = '/api/events?sessionId=main&limit=500';
    const { body } = await server.call<{ events: LogEvent[] }>('GET', path);
    return body.events.filter((event) => event.name === name);
  };
  const told = <T>(name: LogEvent['name'], fits: (data: T) => boolean) =>
    eventually(`event ${name}`, async () =>
      (await events(name)).map(({ data }) => data as T).find(fits),
    );

  it('what the phone had set is known after the link', async () => {
    await chat(({ pinned }) => pinned);
    const { body } = await call<{ labels: Label[] }>('GET', '/labels');
    expect(body.labels).toEqual([{ id: '7', name: 'Paid', color: 3 }]);
  });

  it('changes made here reach the phone, and are told', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const change = { archived: true, muted: true, mutedUntil: until };
    const changed = await call<Chat>('PATCH', `/chats/${friend}`, change);
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { archived: true, pinned: false, muted: true, mutedUntil: until },
    ]);
    await onPhone((one) => one.archived === true && one.mutedUntil === Date.parse(until));
    await told<{ archived: boolean; muted: boolean }>(
      'chat.updated',
      (data) => data.archived && data.muted,
    );
    const back = await call<Chat>('PATCH', `/chats/${friend}`, {
      archived: false,
      pinned: true,
      muted: false,
    });
    expect(back.body).toMatchObject({ archived: false, pinned: true, muted: false });
    await onPhone((one) => one.archived === false && one.pinned === true && one.mutedUntil === 0);
    expect((await call<Chat>('PATCH', `/chats/${friend}`, { muted: true })).body).toMatchObject({
      muted: true,
      mutedUntil: null,
    });
    await onPhone((one) => one.mutedUntil === -1);
  });

  it('changes made on the phone come here, once each', async () => {
    const path = `/api/phones/${own}/settings`;
    await sandbox.call('PATCH', path, { chat: friend, archived: true, mutedUntil: 0 });
    await chat(({ archived, muted }) => archived && !muted);
    await sandbox.call('PATCH', path, { chat: friend, archived: false, unread: true });
    await chat(({ archived, markedUnread }) => !archived && markedUnread);
    const label = { id: '7', on: true };
    await sandbox.call('PATCH', path, { chat: friend, unread: false, label });
    await chat(({ markedUnread, labels }) => !markedUnread && labels.includes('7'));
    const before = (await events('chat.updated')).length;
    await sandbox.call('PATCH', path, { chat: friend, archived: false });
    await sandbox.call('POST', '/api/settle');
    expect((await events('chat.updated')).length).toBe(before);
  });

  it('made while we were away, they are here when we are back', async () => {
    await server.call('DELETE', session);
    const path = `/api/phones/${own}/settings`;
    await sandbox.call('PATCH', path, { chat: friend, archived: true });
    await sandbox.call('PATCH', path, { chat: friend, mutedUntil: -1 });
    await server.call('PUT', session);
    await server.reaches('main', 'connected');
    await chat(({ archived, muted }) => archived && muted);
  });

  it('reading a chat tells its author', async () => {
    const id = await sandbox.write(friend, { to: own, text: 'read me' });
    await server.message('main', id);
    await chat(({ unreadCount }) => unreadCount > 0);
    const { body } = await call<Chat>('PATCH', `/chats/${friend}`, { unread: false });
    expect(body).toMatchObject({ unreadCount: 0, markedUnread: false });
    await eventually('the receipt', async () =>
      (await sandbox.messagesOf(friend)).find((one) => one.id === id && one.status === 'read'),
    );
    await call<Chat>('PATCH', `/chats/${friend}`, { unread: true });
    await onPhone((one) => one.markedUnread === true);
  });

  it('labels are made, put on chats, and deleted', async () => {
    expect((await call('PUT', '/labels/12', { name: 'Hot', color: 1 })).status).toBe(200);
    const { body } = await call<Chat>('PUT', `/chats/${friend}/labels/12`);
    expect(body.labels).toContain('12');
    await onPhone((one) => (one.labels as string[]).includes('12'));
    expect((await settings()).labels['12']).toEqual({ name: 'Hot', color: 1 });
    const off = await call<Chat>('DELETE', `/chats/${friend}/labels/12`);
    expect(off.body.labels).not.toContain('12');
    expect((await call('DELETE', '/labels/12')).status).toBe(200);
    await eventually('the label gone', async () =>
      (await settings()).labels['12'] === undefined ? true : undefined,
    );
    expect((await call('DELETE', '/labels/12')).status).toBe(404);
  });

  it('contacts: numbers, about, picture, blocking', async () => {
    const phones = [`+${friend}`, '99912312312312', own];
    const checked = await call<{ results: object[] }>('POST', '/contacts/check', { phones });
    expect(checked.body.results).toMatchObject([
      { phone: `+${friend}`, exists: true, jid: `${friend}@s.whatsapp.net` },
      { exists: false, jid: null },
      { exists: true },
    ]);
    expect((await call('POST', '/contacts/check', { phones: ['12'] })).status).toBe(400);
    const many = Array.from({ length: 51 }, () => friend);
    expect((await call('POST', '/contacts/check', { phones: many })).status).toBe(400);

    expect((await chat(() => true)).profilePicUrl).not.toBe(null);
    expect((await call('GET', `/chats/${friend}/picture`)).status).toBe(404);
    expect((await chat(() => true)).profilePicUrl).toBe(null);
    const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 7]).toString('base64');
    const profile = { about: 'At sea', picture };
    await sandbox.call('PATCH', `/api/phones/${friend}/profile`, profile);
    expect((await call('GET', `/contacts/${friend}/about`)).body).toMatchObject({ text: 'At sea' });
    const { profilePicUrl } = await chat((one) => one.profilePicUrl !== null);
    const answer = await fetch(`${server.url}${profilePicUrl}`, {
      headers: { 'x-api-key': API_KEY },
    });
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await answer.arrayBuffer()).toString('base64')).toBe(picture);

    expect((await call('PUT', `/contacts/${friend}/block`)).status).toBe(200);
    const blocked = async () =>
      (await call<{ jids: string[] }>('GET', '/contacts/blocked')).body.jids;
    expect(await blocked()).toHaveLength(1);
    expect((await call('DELETE', `/contacts/${friend}/block`)).status).toBe(200);
    expect(await blocked()).toEqual([]);

    const { body } = await call<{ contacts: { phone: string; pushName: string }[] }>(
      'GET',
      '/contacts',
    );
    const friends = body.contacts.filter(({ pushName }) => pushName === 'Friend');
    expect(friends).toMatchObject([{ phone: friend }]);
  });

  it('typing and presence are told to who listens, and sent', async () => {
    const stream = await listen(`${server.url}/api/events/stream?sessionId=main`);
    expect((await call('POST', '/presence/watch', { contact: friend })).status).toBe(200);
    await sandbox.call('POST', `/api/phones/${friend}/typing`, { to: own, state: 'recording' });
    await stream.until('"name":"typing"', '"state":"recording"');
    await sandbox.call('POST', `/api/phones/${friend}/typing`, { to: own, state: 'paused' });
    await stream.until('"name":"typing"', '"state":"paused"');
    await sandbox.call('PATCH', `/api/phones/${friend}/profile`, { available: false });
    await stream.until('"name":"presence"', '"available":false');
    stream.close();
    expect(await events('typing' as LogEvent['name'])).toEqual([]);

    const phone = await listen(`${sandbox.address.controlUrl}/api/events`);
    await sandbox.call('POST', `/api/phones/${friend}/watch`, { phone: own });
    expect((await call('POST', `/chats/${friend}/typing`, { state: 'composing' })).status).toBe(
      200,
    );
    await phone.until(`"phone":"${friend}"`, '"type":"typing"', '"state":"composing"');
    await call('PUT', '/presence', { available: true });
    await phone.until(`"phone":"${friend}"`, '"type":"presence"', '"available":true');
    phone.close();
  });

  it('calls are told, and refused', async () => {
    const ring = async (video: boolean) =>
      (
        await sandbox.call<{ id: string }>('POST', `/api/phones/${friend}/calls`, {
          to: own,
          video,
        })
      ).id;
    const first = await ring(true);
    const offered = await told<{ callId: string }>(
      'call.offered',
      ({ callId }) => callId === first,
    );
    expect(offered).toMatchObject({ phone: friend, video: true, group: false });
    expect((await call('POST', `/calls/${first}/reject`)).status).toBe(200);
    await eventually('the refusal', async () => {
      const path = `/api/phones/${friend}/calls`;
      const { calls } = await sandbox.call<{ calls: { id: string; state: string }[] }>('GET', path);
      return calls.find(({ id, state }) => id === first && state === 'rejected');
    });
    const second = await ring(false);
    await told<{ callId: string }>('call.offered', ({ callId }) => callId === second);
    await sandbox.call('DELETE', `/api/phones/${friend}/calls/${second}`);
    const ended = await told<{ callId: string }>('call.ended', ({ callId }) => callId === second);
    expect(ended).toMatchObject({ reason: 'ended' });
    const late = await call<{ error: { code: string } }>('POST', `/calls/${second}/reject`);
    expect([late.status, late.body.error.code]).toEqual([404, 'call_not_found']);
  });

  it('a chat is deleted on both sides', async () => {
    const other = await sandbox.phone('Passing');
    const id = await sandbox.write(other, { to: own, text: 'soon gone' });
    await server.message('main', id);
    expect((await call('DELETE', `/chats/${other}`)).status).toBe(200);
    const { body } = await call<{ chats: Chat[] }>('GET', '/chats');
    expect(body.chats.some(({ phone }) => phone === other)).toBe(false);
    const { body: left } = await call<{ messages: { id: string }[] }>('GET', '/messages?limit=200');
    expect(left.messages.map((message) => message.id)).not.toContain(id);
    await eventually('deleted on the phone', async () =>
      (await settings()).chats[other]?.deleted ? true : undefined,
    );
    await told<{ chatId: string }>('chat.deleted', () => true);
    const again = await sandbox.write(other, { to: own, text: 'again' });
    await server.message('main', again);
  });

  it('refuses what is not right, and changes nothing', async () => {
    await server.call('PUT', '/api/sessions/idle');
    const cases: [string, string, object | undefined, number, string][] = [
      ['PATCH', `main/chats/${friend}`, {}, 400, 'invalid_request'],
      ['PATCH', `main/chats/${friend}`, { pinned: 'yes' }, 400, 'invalid_request'],
      [
        'PATCH',
        `main/chats/${friend}`,
        { mutedUntil: '2001-01-01T00:00:00Z' },
        400,
        'invalid_request',
      ],
      ['PATCH', 'main/chats/99955544433322', { pinned: true }, 404, 'chat_not_found'],
      ['PATCH', 'main/chats/what', { pinned: true }, 400, 'invalid_chat'],
      ['PUT', `main/chats/${friend}/labels/nope`, undefined, 404, 'label_not_found'],
      ['PUT', 'main/contacts/1203@g.us/block', undefined, 400, 'invalid_chat'],
      ['PUT', 'idle/presence', { available: true }, 409, 'session_not_connected'],
      ['GET', 'nobody/labels', undefined, 404, 'session_not_found'],
    ];
    for (const [method, path, body, status, code] of cases) {
      const answer = await server.call<{ error: { code: string } }>(
        method,
        `/api/sessions/${path}`,
        body,
      );
      expect([method, path, answer.status, answer.body.error?.code]).toEqual([
        method,
        path,
        status,
        code,
      ]);
    }
  });
});

/** Reads Server-Sent Events until a line has all of some texts. */
async function listen(url: string) {
  const ending = new AbortController();
  const answer = await fetch(url, { headers: { 'x-api-key': API_KEY }, signal: ending.signal });
  if (!answer.body) throw new Error('no body');
  let seen = '';
  const reading = (async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      seen += Buffer.from(chunk).toString();
    }
  })().catch(() => undefined);
  return {
    until: (...texts: string[]) =>
      eventually(`${texts.join(' ')} in the stream`, () =>
        seen.split('\n').find((line) => texts.every((text) => line.includes(text))),
      ),
    close: () => {
      ending.abort();
      return reading;
    },
  };
}

import type { Group, LogEvent, ParticipantPage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

/** A large group, on one database; each member is a phone of its own that decrypts and receipts. */
const MEMBERS = { sqlite: 300, postgres: 40 };

let sandbox: TestSandbox;
/** Members of the large group. */
const crowd: string[] = [];

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  for (let n = 0; n < MEMBERS.sqlite - 2; n += 1) crowd.push(await sandbox.phone(`Member ${n}`));
}, 120_000);
afterAll(() => sandbox.stop());

describe.each(longOn('sqlite'))('groups on %s', (database) => {
  let server: TestServer;
  let own: string;
  let friends: string[];
  /** Made before the number was linked. */
  let large: string;

  beforeAll(async () => {
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Own');
    friends = [];
    for (let n = 0; n < 4; n += 1) friends.push(await sandbox.phone(`Friend ${n}`));
    const others = crowd.slice(0, MEMBERS[database] - 2);
    large = await made('Large', [friends[0] as string, own, ...others]);
    await server.linked(sandbox, 'main', own);
  }, 60_000);
  afterAll(() => server.stop());

  const made = async (subject: string, participants: string[]) =>
    (await sandbox.call<{ id: string }>('POST', '/api/groups', { subject, participants })).id;
  const call = <T>(method: string, path = '', body?: object) =>
    server.call<T>(method, `/api/sessions/main/groups${path}`, body);
  const group = (id: string, fits: (one: Group) => boolean = () => true) =>
    eventually(`group ${id}`, async () => {
      const { status, body } = await call<Group>('GET', `/${id}`);
      return status === 200 && fits(body) ? body : undefined;
    });
  const events = async (name: LogEvent['name']) => {
    const { body } = await server.call<{ events: LogEvent[] }>(
      'GET',
      '/api/events?sessionId=main&limit=500',
    );
    return body.events.filter((event) => event.name === name);
  };
  const participants = async (id: string): Promise<ParticipantPage['participants']> => {
    const all: ParticipantPage['participants'] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query: string = `/${id}/participants?limit=100${after && `&after=${after}`}`;
      const { body } = await call<ParticipantPage>('GET', query);
      all.push(...body.participants);
      after = body.after;
    }
    return all;
  };
  const queries = () => sandbox.call<{ count: number }>('GET', '/api/group-queries');

  it('S2-04 are stored on connect, with all their members, in pages', async () => {
    const stored = await group(large, ({ size }) => size === MEMBERS[database]);
    expect(stored).toMatchObject({
      subject: 'Large',
      isMember: true,
      ownRole: 'member',
      announce: false,
      locked: false,
      ephemeralSeconds: 0,
    });
    const members = await participants(large);
    expect(new Set(members.map(({ jid }) => jid)).size).toBe(MEMBERS[database]);
    expect(members.find(({ phone }) => phone === friends[0])).toMatchObject({ role: 'superadmin' });
    const { body } = await call<{ groups: Group[]; after: string | null }>('GET', '?limit=1');
    expect(body).toMatchObject({ groups: [{ id: large }], after: null });
    expect(await events('group.updated')).toMatchObject([{ data: { group: { id: large } } }]);
    expect(await events('group.participants')).toEqual([]);
  });

  it('are sent to without asking WhatsApp for their members', async () => {
    await group(large);
    const before = (await queries()).count;
    const id = await server.send('main', large, 'to all of you');
    await eventually('the message', async () =>
      (await sandbox.messagesOf(friends[0] as string)).find((message) => message.id === id),
    );
    await server.send('main', large, 'again');
    await server.close();
    await server.open();
    await server.reaches('main', 'connected');
    const again = await server.send('main', large, 'after a restart');
    await eventually('the message', async () =>
      (await sandbox.messagesOf(friends[0] as string)).find((message) => message.id === again),
    );
    expect((await queries()).count).toBe(before);
  });

  it('are kept from notifications, each change told once', async () => {
    const [a = '', b = '', c = ''] = friends;
    const id = await made('Kept', [a, own, b]);
    await group(id);
    const by = { by: a };
    await sandbox.call('PATCH', `/api/groups/${id}`, {
      ...by,
      subject: 'Renamed',
      description: 'About it',
      announcement: true,
      locked: true,
      ephemeral: 86_400,
    });
    const members = `/api/groups/${id}/members`;
    await sandbox.call('POST', members, { ...by, action: 'add', phones: [c] });
    await sandbox.call('POST', members, { ...by, action: 'promote', phones: [own, c] });
    await sandbox.call('POST', members, { ...by, action: 'demote', phones: [c] });
    await sandbox.call('POST', members, { ...by, action: 'remove', phones: [b] });
    const now = await group(id, ({ size, ownRole }) => size === 3 && ownRole === 'admin');
    expect(now).toMatchObject({
      subject: 'Renamed',
      description: 'About it',
      announce: true,
      locked: true,
      ephemeralSeconds: 86_400,
    });
    await eventually('b gone', async () =>
      (await participants(id)).every(({ phone }) => phone !== b) ? true : undefined,
    );
    const told = (await events('group.participants'))
      .map(
        ({ data }) =>
          data as { groupId: string; action: string; participants: { phone: string }[] },
      )
      .filter(({ groupId }) => groupId === id)
      .map(({ action, participants: people }) => [action, ...people.map(({ phone }) => phone)]);
    expect(told).toEqual([
      ['add', c],
      ['promote', own, c],
      ['demote', c],
      ['remove', b],
    ]);
    const { body } = await server.call<{ chats: { id: string; name: string }[] }>(
      'GET',
      '/api/sessions/main/chats',
    );
    expect(body.chats.find((chat) => chat.id === id)?.name).toBe('Renamed');
  });

  it('changed while we were away are right when we are back', async () => {
    const [a = '', b = '', c = ''] = friends;
    const id = await made('Away', [a, own, b]);
    const leftBehind = await made('Left behind', [a, own]);
    await group(id);
    await group(leftBehind);
    await server.call('DELETE', '/api/sessions/main');
    await sandbox.call('PATCH', `/api/groups/${id}`, { by: a, subject: 'While away' });
    await sandbox.call('POST', `/api/groups/${id}/members`, { by: a, action: 'add', phones: [c] });
    await sandbox.call('POST', `/api/groups/${id}/members`, {
      by: a,
      action: 'remove',
      phones: [b],
    });
    await sandbox.call('POST', `/api/groups/${leftBehind}/members`, {
      by: a,
      action: 'remove',
      phones: [own],
    });
    const added = await made('Added while away', [a, own]);
    await server.call('PUT', '/api/sessions/main');
    await server.reaches('main', 'connected');
    await group(added);
    await group(id, ({ subject }) => subject === 'While away');
    await eventually('the members', async () => {
      const phones = (await participants(id)).map(({ phone }) => phone);
      return phones.includes(c) && !phones.includes(b) ? true : undefined;
    });
    await group(leftBehind, ({ isMember }) => !isMember);
    await sandbox.call('POST', '/api/settle');
    const told = (await events('group.participants')).filter(
      ({ data }) => (data as { groupId: string }).groupId === id,
    );
    expect(told).toHaveLength(2);
  });

  it('are made and changed through the API', async () => {
    const [a = '', b = ''] = friends;
    const created = await call<Group>('POST', '', { subject: 'Ours', participants: [a, b] });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toMatchObject({ size: 3, ownRole: 'superadmin', isMember: true });
    const change = {
      subject: 'Ours too',
      description: 'What it is for',
      announce: true,
      locked: true,
      ephemeralSeconds: 604_800,
    };
    expect((await call<Group>('PATCH', `/${id}`, change)).body).toMatchObject(change);
    const promote = { action: 'promote', participants: [a] };
    const { body } = await call('POST', `/${id}/participants`, promote);
    expect(body).toMatchObject({ results: [{ success: true, code: 200 }] });
    const unknown = { action: 'add', participants: ['99977766655544'] };
    expect((await call('POST', `/${id}/participants`, unknown)).body).toMatchObject({
      results: [{ success: false, code: 404 }],
    });
    expect((await participants(id)).find(({ phone }) => phone === a)?.role).toBe('admin');

    const { body: invite } = await call<{ code: string; url: string }>('GET', `/${id}/invite`);
    expect(invite.url).toBe(`https://chat.whatsapp.com/${invite.code}`);
    const { body: anew } = await call<{ code: string }>('DELETE', `/${id}/invite`);
    expect(anew.code).not.toBe(invite.code);
    const seen = await sandbox.call<{ groups: { id: string; subject: string }[] }>(
      'GET',
      `/api/phones/${a}/groups`,
    );
    expect(seen.groups.find((one) => one.id === id)?.subject).toBe('Ours too');

    expect((await call('POST', `/${id}/leave`)).status).toBe(200);
    expect(await group(id)).toMatchObject({ isMember: false, ownRole: null, size: 0 });
    const joined = await call('POST', '/join', { code: `https://chat.whatsapp.com/${anew.code}` });
    expect(joined.body).toEqual({ groupId: id, pending: false });
    expect(await group(id)).toMatchObject({ isMember: true, ownRole: 'member', size: 3 });
  });

  it('have pictures', async () => {
    const { body } = await call<Group>('POST', '', { subject: 'Seen', participants: [friends[0]] });
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    const put = (bytes: Buffer) =>
      fetch(`${server.url}/api/sessions/main/groups/${body.id}/picture`, {
        method: 'PUT',
        headers: { 'x-api-key': 'a-key-for-the-tests', 'content-type': 'image/jpeg' },
        body: new Uint8Array(bytes),
      });
    expect((await put(Buffer.from('GIF89a'))).status).toBe(415);
    expect((await put(jpeg)).status).toBe(200);
    expect((await call('DELETE', `/${body.id}/picture`)).status).toBe(200);
    expect((await group(body.id)).profilePicUrl).toBe(null);
  });

  it('go with their session', async () => {
    const rows = () =>
      server.house.database.kysely
        .selectFrom('group_members')
        .select('jid')
        .where('session_id', '=', 'leaving')
        .execute();
    const phone = await sandbox.phone();
    await made('Short', [phone, friends[0] as string]);
    await server.linked(sandbox, 'leaving', phone);
    await eventually('the group', async () => ((await rows()).length === 2 ? true : undefined));
    await server.call('DELETE', '/api/accounts/leaving');
    expect(await rows()).toEqual([]);
  });

  it('refuse what cannot be done, and change nothing', async () => {
    const [a = ''] = friends;
    const foreign = await made('Foreign', [a, own]);
    await group(foreign);
    await server.call('PUT', '/api/sessions/idle');
    const cases: [string, string, object | undefined, number, string][] = [
      ['PATCH', `main/groups/${foreign}`, { announce: true }, 403, 'not_allowed_by_whatsapp'],
      ['PATCH', `main/groups/${foreign}`, {}, 400, 'invalid_request'],
      ['PATCH', `main/groups/${foreign}`, { ephemeralSeconds: 5 }, 400, 'invalid_request'],
      ['PATCH', 'main/groups/12345@g.us', { subject: 'x' }, 404, 'group_not_found'],
      ['GET', 'main/groups/nonsense', undefined, 400, 'invalid_request'],
      ['POST', 'main/groups', { subject: 'x', participants: ['what?'] }, 400, 'invalid_chat'],
      ['POST', 'main/groups/join', { code: 'AAAAAAAAAAAAAAAAAAAAAA' }, 404, 'group_not_found'],
      ['POST', 'idle/groups', { subject: 'x', participants: [a] }, 409, 'session_not_connected'],
      ['GET', 'nobody/groups', undefined, 404, 'session_not_found'],
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
    expect(await group(foreign)).toMatchObject({ announce: false, subject: 'Foreign' });
  });
});

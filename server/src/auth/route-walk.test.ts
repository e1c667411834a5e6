import type { NewApiKey, Webhook } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import type { ApiDocument, Endpoint } from '../testing/fuzz/api-document.js';
import { endpointsOf } from '../testing/fuzz/api-document.js';
import { formOf, goodRequest } from '../testing/fuzz/requests.js';
import { TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { TestSocket } from '../testing/test-socket.js';

/** In the answer to whom it is not meant for, it is a leak. */
const PLANTED = 'planted-4711';

/** Routes that need no credentials. */
const OPEN =
  /^(GET \/api\/health|(GET|POST) \/api\/setup$|POST \/api\/auth\/(sign-in|links\/(look|use))$)/;

/** Routes that give everybody what is their own, or everybody's; whose else it is must not show. */
const ONES_OWN = [
  'GET /api/me',
  'PATCH /api/me',
  'POST /api/users/update-phone',
  'GET /api/users',
  'GET /api/auth/logins',
  'POST /api/auth/password',
  'POST /api/auth/token',
  'POST /api/auth/sign-out',
  'POST /api/auth/sign-out-everywhere',
  'GET /api/keys',
  'POST /api/keys',
  'GET /api/sessions',
  'POST /api/sessions',
  'GET /api/accounts',
  'POST /api/accounts',
  'GET /api/chats',
  'GET /api/chats/counts',
  'GET /api/events',
  'GET /api/events/stream',
  'GET /api/webhooks',
  'POST /api/webhooks',
  'GET /api/team/labels',
  'POST /api/team/labels',
  'PATCH /api/team/labels/{labelId}',
  'GET /api/team/canned-replies',
  'POST /api/team/canned-replies',
];

/** What ends the thing itself comes last for the owner. */
const LAST = [
  'DELETE /api/sessions/{id}/labels/{labelId}',
  'DELETE /api/webhooks/{id}',
  'DELETE /api/sessions/{id}/chats/{chatId}',
  'POST /api/sessions/{id}/groups/{groupId}/leave',
  'POST /api/sessions/{id}/restart',
  'DELETE /api/sessions/{id}',
  'DELETE /api/sessions/{id}/storage',
  'PUT /api/sessions/{id}',
  'GET /api/sessions/{id}/qr',
  'GET /api/accounts/{id}/qr',
  'POST /api/sessions/{id}/pairing-code',
  'POST /api/sandbox/scan',
  'DELETE /api/accounts/{id}',
];

/** Of the sandbox itself, which plays the world outside. */
const OF_THE_SANDBOX = 'GET /api/sandbox/phones';

interface Refusal {
  error?: { code: string };
}

describe.each(databases)('every route, as somebody who may not, on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let document: ApiDocument;
  let ada: TestPerson;
  let ben: TestPerson;
  let eve: TestPerson;
  let other: string;
  let picture: string;
  let known: Record<string, unknown[]>;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    const environment = { ALLOW_PRIVATE_TARGETS: '127.0.0.1' };
    server = await TestServer.start(sandbox, { database: name, environment });
    ada = await TestPerson.setUp(server);
    ben = await ada.invites('agent', 'ben@example.org');
    eve = await ada.invites('agent', 'eve@example.org');
    document = (await server.call<ApiDocument>('GET', '/api/openapi.json')).body;
    known = await world();
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  /** Something of Ben's of every kind. */
  async function world(): Promise<Record<string, unknown[]>> {
    const own = await sandbox.phone('Ben');
    other = await sandbox.phone(`${PLANTED} customer`);
    await ben.call('PUT', '/api/sessions/bens');
    await server.linked(sandbox, 'bens', own);
    const messageId = await sandbox.write(other, { to: own, text: `${PLANTED} text` });
    const { chatId } = await server.message('bens', messageId);
    const group = await sandbox.call<{ id: string }>('POST', '/api/groups', {
      subject: `${PLANTED} group`,
      participants: [own, other],
    });
    const path = `/api/sessions/bens/chats/${encodeURIComponent(chatId)}`;
    const note = await ben.call<{ id: string }>('POST', `${path}/notes`, { text: PLANTED });
    const webhook = await ben.call<Webhook>('POST', '/api/webhooks', {
      url: `http://127.0.0.1:1/${PLANTED}`,
      enabled: false,
    });
    const key = await ben.call<NewApiKey>('POST', '/api/keys', {
      name: PLANTED,
      actions: ['read'],
    });
    const reply = await ben.call<{ id: string }>('POST', '/api/team/canned-replies', {
      shortcut: 'planted',
      text: PLANTED,
    });
    const label = await ada.call<{ id: string }>('POST', '/api/team/labels', {
      name: 'label',
      color: '#aa3344',
    });
    const logins = await ben.call<{ logins: { id: string }[] }>('GET', '/api/auth/logins');
    const invitation = await ada.call<{ id: string }>('POST', '/api/invitations', {
      role: 'agent',
    });
    const bytes =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    picture = await sentPicture(chatId, Buffer.from(bytes, 'base64'));
    const ids = { note, webhook, key, reply, label, invitation };
    for (const [what, { status, body }] of Object.entries(ids)) {
      expect([what, status, body]).toEqual([what, 201, expect.objectContaining({})]);
    }
    return {
      sessionId: ['bens'],
      chatId: [chatId],
      chat: [chatId],
      contactId: [chatId],
      contact: [chatId],
      messageId: [messageId],
      targetId: [messageId],
      quotedMessageId: [messageId],
      groupId: [group.id],
      noteId: [note.body.id],
      keyId: [key.body.id],
      replyId: [reply.body.id],
      teamLabelId: [label.body.id],
      labelId: ['7'],
      color: [3],
      timeZone: ['America/Lima'],
      sendAt: [new Date(Date.now() + 3_600_000).toISOString()],
      expiresAt: [new Date(Date.now() + 7_200_000).toISOString()],
      code: ['AbCdEfGhIjKlMnOpQrStUv'],
      loginId: [logins.body.logins[0]?.id],
      invitationId: [invitation.body.id],
      userId: [await ben.userId()],
      userIds: [await ben.userId()],
      phone: [other],
      phones: [other],
      participants: [other],
      url: ['http://127.0.0.1:1/other'],
      webhook: [webhook.body.id],
    };
  }

  async function sentPicture(chatId: string, bytes: Buffer): Promise<string> {
    const form = new FormData();
    form.append('chatId', chatId);
    form.append('caption', PLANTED);
    form.append('file', new File([new Uint8Array(bytes)], 'p.png', { type: 'image/png' }));
    const answer = await fetch(`${server.url}/api/sessions/bens/send/media`, {
      method: 'POST',
      headers: ben.headers,
      body: form,
    });
    expect(answer.status).toBe(202);
    const { messageId } = (await answer.json()) as { messageId: string };
    await server.message('bens', messageId, ({ status }) => status === 'delivered');
    return messageId;
  }

  const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;

  function hintsFor(path: string, field: string): unknown[] | undefined {
    if (field === 'id') return /webhooks/.test(path) ? known.webhook : ['bens'];
    if (field === 'messageId' && /\/(media|thumbnail)$/.test(path)) return [picture];
    if (!/team\/labels/.test(path)) return undefined;
    return { labelId: known.teamLabelId, color: ['#112233'] }[field];
  }

  async function ask(endpoint: Endpoint, headers: Record<string, string>, seed = 1) {
    const hints = (field: string) => hintsFor(endpoint.path, field) ?? known[field];
    const request = goodRequest(endpoint, document, hints, seed);
    const stop = new AbortController();
    const answer = await fetch(`${server.url}${request.path}`, {
      method: request.method,
      headers: { ...request.headers, ...headers },
      signal: stop.signal,
      ...(request.body !== undefined && { body: request.body }),
      ...(request.form && { body: formOf(request.form) }),
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
    const text = isStream ? '' : await answer.text();
    if (isStream) stop.abort();
    const isJson = answer.headers.get('content-type')?.includes('json');
    const code = isJson ? (JSON.parse(text) as Refusal).error?.code : undefined;
    return { status: answer.status, code, text };
  }

  /** Asks every route that is not open, and returns those that were not refused as they must be. */
  async function walk(
    headers: Record<string, string>,
    allowed: number[],
    but: readonly string[] = [],
    without: RegExp = /^$/,
  ) {
    const wrong: unknown[] = [];
    let asked = 0;
    for (const endpoint of endpointsOf(document)) {
      const route = nameOf(endpoint);
      if (OPEN.test(route)) continue;
      // Who signs out cannot ask the next one.
      if (but.includes(route) && /sign-out/.test(route)) continue;
      if (without.test(route) || (route === OF_THE_SANDBOX && but.length > 0)) continue;
      const { status, code, text } = await ask(endpoint, headers);
      asked += 1;
      const leaks = text.includes(PLANTED) || text.includes(other);
      const isRefused = allowed.includes(status);
      if (leaks || (!isRefused && !but.includes(route))) wrong.push([route, status, code, leaks]);
    }
    expect(asked).toBeGreaterThan(90);
    return wrong;
  }

  it('nobody at all', async () => {
    expect(await walk({}, [401])).toEqual([]);
    expect(await walk({ 'x-api-key': 'pbk_wrong' }, [401])).toEqual([]);
  });

  it('another user, with whom nothing is shared', async () => {
    expect(await walk(eve.headers, [403, 404], ONES_OWN)).toEqual([]);
  });

  it('another user’s key, for all that user may', async () => {
    const made = await eve.call<NewApiKey>('POST', '/api/keys', {
      name: 'all of Eve',
      actions: ['read', 'send', 'manage'],
    });
    const headers = { 'x-api-key': made.body.key };
    expect(await walk(headers, [403, 404], ONES_OWN)).toEqual([]);
  });

  it('the owner’s key for another account', async () => {
    await ben.call('PUT', '/api/sessions/bens-other');
    const made = await ben.call<NewApiKey>('POST', '/api/keys', {
      name: 'of one account',
      actions: ['read', 'send', 'manage'],
      sessions: ['bens-other'],
    });
    // What its user has beside accounts is not for one account.
    const besides = /canned-replies/;
    const headers = { 'x-api-key': made.body.key };
    expect(await walk(headers, [403, 404], ONES_OWN, besides)).toEqual([]);
    await ben.call('DELETE', '/api/accounts/bens-other');
  });

  it('the owner’s key that may only read', async () => {
    const made = await ben.call<NewApiKey>('POST', '/api/keys', {
      name: 'reader',
      actions: ['read'],
    });
    const wrong: unknown[] = [];
    for (const endpoint of endpointsOf(document)) {
      const route = nameOf(endpoint);
      const isReading = endpoint.method === 'GET' || /token|sign-out|presence\/watch/.test(route);
      if (OPEN.test(route) || isReading) continue;
      const { status } = await ask(endpoint, { 'x-api-key': made.body.key });
      if (status !== 403) wrong.push([route, status]);
    }
    expect(wrong).toEqual([]);
  });

  it('an agent with whom it is shared may use it, and not manage it', async () => {
    const shares = '/api/sessions/bens/shares';
    const userIds = [await eve.userId()];
    expect((await ben.call('PUT', shares, { everybody: false, userIds })).status).toBe(200);
    expect((await eve.call('GET', '/api/sessions/bens/chats')).status).toBe(200);
    const said = { chatId: other, text: 'by Eve' };
    expect((await eve.call('POST', '/api/sessions/bens/send/text', said)).status).toBe(202);
    for (const [method, path] of [
      ['DELETE', '/api/sessions/bens'],
      ['DELETE', '/api/sessions/bens/storage'],
      ['DELETE', '/api/accounts/bens'],
      ['GET', '/api/sessions/bens/qr'],
      ['GET', '/api/accounts/bens/qr'],
      ['PUT', '/api/sessions/bens/settings'],
      ['PUT', shares],
    ] as const) {
      const body =
        method === 'PUT' ? (path === shares ? { everybody: true, userIds } : {}) : undefined;
      expect([path, (await eve.call(method, path, body)).status]).toEqual([path, 403]);
    }
    expect((await ben.call('PUT', shares, { everybody: false, userIds: [] })).status).toBe(200);
    expect((await eve.call('GET', '/api/sessions/bens/chats')).status).toBe(404);
  });

  it('files and their ranges are the owner’s', async () => {
    const path = `/api/sessions/bens/messages/${picture}/media`;
    expect([200, 206]).toContain((await ben.call('GET', path)).status);
    for (const headers of [eve.headers, {}]) {
      for (const range of ['bytes=0-', 'bytes=0-3']) {
        const answer = await server.call('GET', path, undefined, { ...headers, range });
        expect([401, 404]).toContain(answer.status);
      }
    }
  });

  it('the WebSocket tells others nothing, and a share that ends ends what it told', async () => {
    const socket = await TestSocket.open(server.url, '?format=events', {
      cookie: eve.cookie,
      origin: server.url,
    });
    try {
      socket.say({ type: 'subscribe', sessionId: 'bens', after: 0 });
      await socket.frame('refused', ({ error }) => error?.code === 'session_not_found');
      await socket.subscribe({ after: 0 });
      const told = () => JSON.stringify(socket.frames);
      expect(told()).not.toContain(PLANTED);
      const share = (everybody: boolean) =>
        ben.call('PUT', '/api/sessions/bens/shares', { everybody, userIds: [] });
      await share(true);
      await socket.frame('told to look again', ({ type }) => type === 'access');
      const text = `${PLANTED} while shared`;
      await sandbox.write(other, { to: String((await server.session('bens')).phone), text });
      await eventually('it is told', () => (told().includes(text) ? true : undefined));
      await share(false);
      const count = socket.frames.length;
      const after = await sandbox.write(other, {
        to: String((await server.session('bens')).phone),
        text: `${PLANTED} after it`,
      });
      await server.message('bens', after);
      socket.say({ type: 'ping' });
      await eventually('an answer', () =>
        socket.frames.slice(count).some(({ type }) => type === 'pong') ? true : undefined,
      );
      expect(told()).not.toContain(`${PLANTED} after it`);
    } finally {
      socket.socket.terminate();
    }
  });

  it('a stream of one session ends with the share, and any stream with its key', async () => {
    const userIds = [await eve.userId()];
    await ben.call('PUT', '/api/sessions/bens/shares', { everybody: false, userIds });
    const { key, id } = (
      await eve.call<NewApiKey>('POST', '/api/keys', { name: 'streams', actions: ['read'] })
    ).body;
    const open = async (query: string) => {
      const answer = await fetch(`${server.url}/api/events/stream${query}`, {
        headers: { 'x-api-key': key },
      });
      expect(answer.status).toBe(200);
      return { ended: answer.text() };
    };
    const [one, all] = [await open('?sessionId=bens'), await open('')];
    await ben.call('PUT', '/api/sessions/bens/shares', { everybody: false, userIds: [] });
    await one.ended;
    const refused = await server.call('GET', '/api/events/stream?sessionId=bens', undefined, {
      'x-api-key': key,
    });
    expect(refused.status).toBe(404);
    await eve.call('DELETE', `/api/keys/${id}`);
    await all.ended;
  });

  it('the owner, and for what is the admins’ an admin, may', async () => {
    const all = endpointsOf(document).filter((endpoint) => !OPEN.test(nameOf(endpoint)));
    const rank = (endpoint: Endpoint) => {
      const at = LAST.indexOf(nameOf(endpoint));
      if (at !== -1) return 10 + at;
      return endpoint.method === 'DELETE' ? 5 : endpoint.method === 'GET' ? 1 : 2;
    };
    all.sort((a, b) => rank(a) - rank(b));
    const wrong: unknown[] = [];
    for (const endpoint of all) {
      const route = nameOf(endpoint);
      if (/sign-out|auth\/logins\/|DELETE \/api\/users|auth\/password/.test(route)) continue;
      let last = await ask(endpoint, ben.headers);
      const isAdmins = last.status === 403 && last.code === 'forbidden';
      const who = isAdmins ? ada : ben;
      for (let seed = 2; seed < 12 && last.status >= 400; seed += 1) {
        last = await ask(endpoint, who.headers, seed);
      }
      const expected = NOT_HERE[route];
      if (expected ? last.code !== expected : last.status >= 300) {
        wrong.push([route, last.status, last.text.slice(0, 200)]);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

/** Routes whose own thing the world of this test does not have: what they answer to those who may. */
const NOT_HERE: Record<string, string> = {
  'GET /api/sessions/{id}/chats/{chatId}/picture': 'picture_not_found',
  'POST /api/sessions/{id}/send/audio': 'unsupported_media_type',
  'POST /api/sessions/{id}/groups/join': 'group_not_found',
  'PUT /api/sessions/{id}/groups/{groupId}/picture': 'unsupported_media_type',
  'POST /api/sessions/{id}/calls/{callId}/reject': 'call_not_found',
  'DELETE /api/sessions/{id}/outbox/{messageId}': 'message_not_found',
  'POST /api/sandbox/scan': 'qr_not_available',
};

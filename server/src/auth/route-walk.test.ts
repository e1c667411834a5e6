import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import type { Endpoint } from '../testing/fuzz/api-document.js';
import { endpointsOf } from '../testing/fuzz/api-document.js';
import { PLANTED, WalkedWorld } from './testing/walked-world.js';

/** Routes that need no credentials, or those of a process that is none of the people here. */
const OPEN =
  /^(GET \/api\/health|(GET|POST) \/api\/setup$|POST \/api\/auth\/(sign-in|links\/(look|use))$|POST \/api\/whatsapp-qr\/(webhook|incoming)$)/;

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
  'GET /api/chatbots',
  'GET /api/templates',
  'POST /api/templates',
  'GET /api/bulk-sends',
  'GET /api/delivery/days',
  'GET /api/delivery/groups',
  'POST /api/whatsapp-qr/init',
  'GET /api/whatsapp/status',
  'GET /api/whatsapp/connection-status',
  'GET /api/whatsapp/is-authenticated',
  'GET /api/whatsapp/qr',
  'GET /api/whatsapp/session',
  'PUT /api/whatsapp/session',
  'POST /api/whatsapp/send',
  'GET /api/groups',
  'GET /api/routes',
  'GET /api/forwards',
  'GET /api/search',
  'GET /api/search/tags',
  'GET /api/search/export',
];

/** What ends the thing itself comes last for the owner. */
const LAST = [
  'DELETE /api/sessions/{id}/labels/{labelId}',
  'DELETE /api/webhooks/{id}',
  'POST /api/bulk-sends/{bulkId}/pause',
  'POST /api/bulk-sends/{bulkId}/resume',
  'POST /api/bulk-sends/{bulkId}/cancel',
  'DELETE /api/bulk-sends/{bulkId}',
  'PATCH /api/templates/{templateId}',
  'DELETE /api/templates/{templateId}',
  'PATCH /api/chatbots/{id}',
  'DELETE /api/chatbots/{id}',
  'DELETE /api/sessions/{id}/chats/{chatId}',
  'POST /api/sessions/{id}/groups/{groupId}/leave',
  'POST /api/sessions/{id}/restart',
  'POST /api/whatsapp-qr/disconnect',
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

/** Of what is read, that is for those who manage. */
const FOR_MANAGING =
  /^GET \/api\/(webhooks|whatsapp-qr\/qr-code|whatsapp\/(qr|admin)|(sessions|accounts)\/\{id\}\/(qr|shares|groups\/\{groupId\}\/invite))/;

describe.each(longOn('postgres'))('every route, as somebody who may not, on %s', (name) => {
  let world: WalkedWorld;

  beforeAll(async () => {
    world = await WalkedWorld.start(name);
  });
  afterAll(async () => {
    await world.stop();
  });

  const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;

  /** Asks every route that is not open, and returns those that were not refused as they must be. */
  async function walk(
    headers: Record<string, string>,
    allowed: number[],
    but: readonly string[] = [],
    without: RegExp = /^$/,
  ) {
    const wrong: unknown[] = [];
    let asked = 0;
    for (const endpoint of endpointsOf(world.document)) {
      const route = nameOf(endpoint);
      if (OPEN.test(route)) continue;
      // Who signs out cannot ask the next one.
      if (but.includes(route) && /sign-out/.test(route)) continue;
      if (without.test(route) || (route === OF_THE_SANDBOX && but.length > 0)) continue;
      const { status, code, text } = await world.ask(endpoint, headers);
      asked += 1;
      const leaks = text.includes(PLANTED) || text.includes(world.other);
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

  it('a key that was revoked, and a bearer of it', async () => {
    const { id, headers } = await world.keyOf(world.ben, ['read', 'send', 'manage']);
    const asked = await world.server.call<{ token: string }>(
      ...(['POST', '/api/auth/token', undefined, headers] as const),
    );
    expect((await world.ben.call('DELETE', `/api/keys/${id}`)).status).toBe(200);
    expect(await walk(headers, [401])).toEqual([]);
    expect(await walk({ authorization: `Bearer ${asked.body.token}` }, [401])).toEqual([]);
  });

  it('another user, with whom nothing is shared', async () => {
    expect(await walk(world.eve.headers, [403, 404], ONES_OWN)).toEqual([]);
  });

  it('another user’s key, for all that user may', async () => {
    const { headers } = await world.keyOf(world.eve, ['read', 'send', 'manage']);
    expect(await walk(headers, [403, 404], ONES_OWN)).toEqual([]);
  });

  it('the owner’s key for another account', async () => {
    await world.ben.call('PUT', '/api/sessions/bens-other');
    const { headers } = await world.keyOf(world.ben, ['read', 'send', 'manage'], ['bens-other']);
    // What its user has beside accounts is not for one account.
    const besides = /canned-replies|templates/;
    expect(await walk(headers, [403, 404], ONES_OWN, besides)).toEqual([]);
    await world.ben.call('DELETE', '/api/accounts/bens-other');
  });

  it('the owner’s key that may only read', async () => {
    const { headers } = await world.keyOf(world.ben, ['read']);
    const wrong: unknown[] = [];
    for (const endpoint of endpointsOf(world.document)) {
      const route = nameOf(endpoint);
      const isReading = endpoint.method === 'GET' || /token|sign-out|presence\/watch/.test(route);
      if (OPEN.test(route) || isReading) continue;
      const { status } = await world.ask(endpoint, headers);
      if (status !== 403) wrong.push([route, status]);
    }
    expect(wrong).toEqual([]);
  });

  it('the owner’s key that may not read', async () => {
    const { headers } = await world.keyOf(world.ben, ['send', 'manage']);
    const wrong: unknown[] = [];
    for (const endpoint of endpointsOf(world.document)) {
      const route = nameOf(endpoint);
      if (OPEN.test(route) || endpoint.method !== 'GET' || FOR_MANAGING.test(route)) continue;
      const { status, text } = await world.ask(endpoint, headers);
      const leaks = text.includes(PLANTED) || text.includes(world.other);
      if (status !== 403 || leaks) wrong.push([route, status, leaks]);
    }
    expect(wrong).toEqual([]);
  });

  it('an agent with whom it is shared may use it, and not manage it', async () => {
    const shares = '/api/sessions/bens/shares';
    const userIds = [await world.eve.userId()];
    expect((await world.ben.call('PUT', shares, { everybody: false, userIds })).status).toBe(200);
    expect((await world.eve.call('GET', '/api/sessions/bens/chats')).status).toBe(200);
    const said = { chatId: world.other, text: 'by Eve' };
    expect((await world.eve.call('POST', '/api/sessions/bens/send/text', said)).status).toBe(202);
    for (const [method, path] of [
      ['DELETE', '/api/sessions/bens'],
      ['DELETE', '/api/sessions/bens/storage'],
      ['DELETE', '/api/accounts/bens'],
      ['GET', '/api/sessions/bens/qr'],
      ['GET', '/api/accounts/bens/qr'],
      ['GET', shares],
      ['POST', '/api/sessions/bens/restart'],
      ['POST', '/api/sessions/bens/pairing-code'],
      ['PUT', '/api/sessions/bens'],
      ['PUT', '/api/sessions/bens/settings'],
      ['PUT', shares],
    ] as const) {
      const hasBody = method === 'PUT' || method === 'POST';
      const body = hasBody ? (path === shares ? { everybody: true, userIds } : {}) : undefined;
      expect([path, (await world.eve.call(method, path, body)).status]).toEqual([path, 403]);
    }
    expect((await world.ben.call('PUT', shares, { everybody: false, userIds: [] })).status).toBe(
      200,
    );
    expect((await world.eve.call('GET', '/api/sessions/bens/chats')).status).toBe(404);
  });

  it('the owner, and for what is the admins’ an admin, may', async () => {
    const all = endpointsOf(world.document).filter((endpoint) => !OPEN.test(nameOf(endpoint)));
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
      let last = await world.ask(endpoint, world.ben.headers);
      const isAdmins = last.status === 403 && last.code === 'forbidden';
      const who = isAdmins ? world.ada : world.ben;
      for (let seed = 2; seed < 12 && last.status >= 400; seed += 1) {
        last = await world.ask(endpoint, who.headers, seed);
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
  'POST /api/jobs/failed/{jobNumber}/retry': 'job_not_found',
  'POST /api/sessions/{id}/bulk-sends/csv': 'file_unreadable',
  'POST /api/sessions/{id}/bulk-sends/csv/check': 'file_unreadable',
  'POST /api/chatbots': 'chatbot_exists',
  'GET /api/whatsapp/qr': 'session_already_connected',
  'POST /api/chatbots/{id}/test': 'chatbot_incomplete',
};

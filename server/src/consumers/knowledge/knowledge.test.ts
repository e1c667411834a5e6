import type { AccountGroupPage, RoutePage, RouteTest } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { sendFile } from '../../testing/media-of.js';
import { API_KEY } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import {
  finds,
  forwardsOf,
  KnowledgeWorld,
  knowsGroups,
  makeRoute,
  search,
  setAdmins,
} from './testing/knowledge-world.js';

describe.each(databases)('knowledge of groups on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let world: KnowledgeWorld;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    world = await KnowledgeWorld.create(sandbox);
    const environment = { TOWER_ADMIN_JIDS: `+${world.admin}` };
    server = await TestServer.start(sandbox, { database, environment });
    await server.linked(sandbox, 'desk', world.desk);
    await server.linked(sandbox, 'press', world.press);
    await knowsGroups(server, 'desk', [world.source, world.target, world.second]);
    await knowsGroups(server, 'press', [world.other]);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const rows = async () =>
    await server.house.database.kysely
      .selectFrom('knowledge_messages')
      .selectAll()
      .orderBy('at')
      .orderBy('message_id')
      .execute();
  const kept = async (id: string) => (await rows()).find((row) => row.message_id === id);

  it('lists the groups of all accounts', async () => {
    const { body } = await server.call<AccountGroupPage>('GET', '/api/groups');
    expect(body.groups.map(({ sessionId, subject, size }) => [sessionId, subject, size])).toEqual(
      expect.arrayContaining([
        ['desk', 'Source', 3],
        ['desk', 'Target', 2],
        ['press', 'Other', 2],
      ]),
    );
    const first = await server.call<AccountGroupPage>('GET', '/api/groups?limit=1');
    const next = await server.call<AccountGroupPage>(
      'GET',
      `/api/groups?limit=200&after=${first.body.after}`,
    );
    expect([...first.body.groups, ...next.body.groups]).toEqual(body.groups);
  });

  it('keeps what has a tag, and what an admin says; nothing else', async () => {
    const tagged = await world.say(world.member, 'The door code has changed #Door #door');
    const byAdmin = await world.say(world.admin, 'We open at nine');
    const plain = await world.say(world.member, 'Good morning');
    const row = await eventually('the tagged one is kept', () => kept(tagged));
    expect(row).toMatchObject({ tags: '["door"]', by_admin: 0, approved_at: null });
    expect(await eventually('the one by an admin is kept', () => kept(byAdmin))).toMatchObject({
      tags: '[]',
      by_admin: 1,
    });
    expect(await kept(plain)).toBeUndefined();
    expect(await search(server, 'q=door')).toEqual([]);
  });

  it('the star of an admin approves: found, and forwarded once to each target', async () => {
    await makeRoute(server, world.source, [world.target, world.second]);
    const id = await world.say(world.member, 'The lift needs a key after eight #lift');
    await world.react(world.member, id, '⭐');
    await eventually('the member has reacted', async () => (await kept(id)) && true);
    await world.react(world.admin, id, '⭐');
    await finds(server, 'q=lift', ['The lift needs a key after eight #lift']);
    const text = 'The lift needs a key after eight #lift';
    expect(await world.arrived(world.admin, world.target, text)).toBe(1);
    expect(await world.arrived(world.member, world.second, text)).toBe(1);

    // Taken back and given again: no longer found, found again, forwarded no more.
    await world.react(world.admin, id, '');
    await finds(server, 'q=lift', []);
    await world.react(world.admin, id, '⭐️');
    await finds(server, 'q=lift', [text]);
    await eventually('both forwards were delivered', async () => {
      const states = (await forwardsOf(server)).map(({ state }) => state);
      return states.length === 2 && states.every((state) => state !== 'pending') ? true : undefined;
    });
    expect(await world.arrived(world.admin, world.target, text)).toBe(1);
    const forwards = await forwardsOf(server);
    expect(forwards.map(({ targetSubject, text: said }) => [targetSubject, said])).toEqual([
      ['Target', text],
      ['Second target', text],
    ]);
  });

  it('the star of an admin approves what has no tag; edits and deletions follow', async () => {
    const id = await world.say(world.member, 'Parcels go to the back door');
    await world.react(world.admin, id, '⭐');
    await finds(server, 'q=parcels', ['Parcels go to the back door']);
    const edit = { kind: 'edit', target: id, text: 'Parcels go to the side door #post' };
    await sandbox.write(world.member, { to: world.source, content: edit });
    await finds(server, 'q=%23post', ['Parcels go to the side door #post']);
    await sandbox.write(world.member, {
      to: world.source,
      content: { kind: 'revoke', target: id },
    });
    await finds(server, 'q=parcels', []);
    expect(await kept(id)).toMatchObject({ text: '', deleted: 1 });
  });

  it('forwards files with their file, also through an account that does not have the message', async () => {
    // The account that forwards is not in the source; another one of the same user hears it.
    await makeRoute(server, world.source, [world.other], 'press');
    const bytes = Buffer.from('%PDF-1.4 a price list');
    const facts = { kind: 'document', mimetype: 'application/pdf', caption: 'Prices #prices' };
    const named = { ...facts, filename: 'prices.pdf' } as const;
    const id = await sendFile(sandbox, world.member, world.source, bytes, {
      ...named,
      kind: 'document',
    });
    await world.react(world.admin, id, '⭐');
    for (const group of [world.target, world.other]) {
      const found = await eventually(`the file in ${group}`, async () =>
        (await world.shown(world.admin, group)).find(({ kind }) => kind === 'document'),
      );
      const url = `${sandbox.address.controlUrl}/api/phones/${world.admin}/messages/${found.id}/media`;
      const file = await fetch(url);
      expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    }
  });

  it('refuses circles, what is there already, and groups that no account is in', async () => {
    const ask = async (sourceGroupId: string, targetGroupIds: string[], sessionId?: string) => {
      const body = { sourceGroupId, targetGroupIds, ...(sessionId && { sessionId }) };
      const answer = await server.call<{ error: { code: string } }>('POST', '/api/routes', body);
      return [answer.status, answer.body.error?.code];
    };
    expect(await ask(world.target, [world.source])).toEqual([409, 'route_loop']);
    expect(await ask(world.source, [world.source])).toEqual([409, 'route_loop']);
    expect(await ask(world.source, [world.target])).toEqual([409, 'route_exists']);
    expect(await ask(world.source, ['120363000000000001@g.us'])).toEqual([404, 'group_not_found']);
    expect(await ask(world.source, [world.other], 'desk')).toEqual([404, 'group_not_found']);
    expect(await ask(world.source, [world.second], 'nobody')).toEqual([404, 'session_not_found']);
    const { body } = await server.call<RoutePage>('GET', '/api/routes');
    expect(body.routes.map((route) => [route.source.subject, route.targetGroupIds])).toEqual([
      ['Source', [world.target, world.second]],
      ['Source', [world.other]],
    ]);
  });

  it('tests a route, and ends it', async () => {
    const { body } = await server.call<RoutePage>('GET', '/api/routes');
    const [, press] = body.routes;
    const path = `/api/routes/${press?.id}`;
    const test = await server.call<RouteTest>('POST', `${path}/test`);
    expect(test.body.results).toEqual([
      expect.objectContaining({ targetGroupId: world.other, accepted: true, error: null }),
    ]);
    await world.arrived(world.admin, world.other, 'Test of the route from Source');
    expect((await server.call('DELETE', path)).status).toBe(200);
    expect((await server.call('DELETE', path)).status).toBe(404);
    const id = await world.say(world.member, 'Only for the first targets #ended');
    await world.react(world.admin, id, '⭐');
    await world.arrived(world.admin, world.target, 'Only for the first targets #ended');
    const targets = (await forwardsOf(server)).filter((one) => one.sourceMessageId === id);
    expect(targets.map(({ targetGroupId }) => targetGroupId)).toEqual([world.target, world.second]);
  });

  it('knows an admin by the other name as well, and only for as long as on the list', async () => {
    await setAdmins(server, [await sandbox.lidOf(world.member)]);
    const byMember = await world.say(world.admin, 'Said when the list was another');
    await world.react(world.admin, byMember, '⭐');
    const counts = await world.say(world.admin, 'The gate closes at ten');
    await world.react(world.member, counts, '⭐');
    await finds(server, 'q=gate', ['The gate closes at ten']);
    expect(await kept(byMember)).toBeUndefined();
    await setAdmins(server, [world.admin]);
  });

  it('exports what a search finds', async () => {
    const answer = await fetch(`${server.url}/api/search/export?tag=lift`, {
      headers: { 'x-api-key': API_KEY },
    });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const lines = (await answer.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('"The lift needs a key after eight #lift"');
    expect(lines[1]).toContain('"Max Member"');
  });

  it('what only a deleted account had is forgotten, with its routes', async () => {
    expect((await rows()).length).toBeGreaterThan(3);
    expect((await server.call('DELETE', '/api/accounts/desk')).status).toBe(200);
    await finds(server, 'q=lift', []);
    await eventually('nothing is kept', async () => (await rows()).length === 0 || undefined);
    const { body } = await server.call<RoutePage>('GET', '/api/routes');
    expect(body.routes).toEqual([]);
  });
});

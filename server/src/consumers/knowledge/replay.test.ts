import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import {
  finds,
  forwardsOf,
  KnowledgeWorld,
  knowsGroups,
  makeRoute,
  setAdmins,
} from './testing/knowledge-world.js';

/** What is made of the log alone. */
const DERIVED = [
  'knowledge_messages',
  'knowledge_sightings',
  'knowledge_stars',
  'knowledge_documents',
  'knowledge_tags',
] as const;
/** Words that were ever indexed; those that are in no message any more may be missing afterwards. */
const VOCABULARY = ['knowledge_words', 'knowledge_grams'] as const;

describe.each(databases)('the log read again on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let world: KnowledgeWorld;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    world = await KnowledgeWorld.create(sandbox);
    server = await TestServer.start(sandbox, { database });
    await server.linked(sandbox, 'desk', world.desk);
    await knowsGroups(server, 'desk', [world.source, world.target, world.second]);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const kysely = () => server.house.database.kysely;

  const settled = () =>
    eventually('all events are read and all work is done', async () => {
      const [reader, head, jobs] = await Promise.all([
        kysely()
          .selectFrom('event_consumers')
          .select('position')
          .where('name', '=', 'knowledge')
          .executeTakeFirst(),
        server.house.log.head(),
        kysely()
          .selectFrom('jobs')
          .select('id')
          .where('name', 'in', ['ingest', 'index', 'forward'])
          .execute(),
      ]);
      return reader?.position === head && jobs.length === 0 ? true : undefined;
    });

  const derived = async () => {
    const tables: Record<string, string[]> = {};
    for (const table of DERIVED) {
      const rows = await kysely().selectFrom(table).selectAll().execute();
      tables[table] = rows.map((row) => JSON.stringify(row)).sort();
    }
    return tables;
  };

  const onPhones = async () => {
    const target = await world.shown(world.admin, world.target);
    const second = await world.shown(world.member, world.second);
    return [...target, ...second].map(({ text, id }) => `${id} ${text}`).sort();
  };

  it('gives identical rows, and nothing is forwarded again', async () => {
    await setAdmins(server, [world.admin]);
    const tagged = await world.say(world.member, 'Snow tyres are in rack seven #tyres');
    const ended = await makeRoute(server, world.source, [world.target]);
    await world.react(world.admin, tagged, '⭐');
    await finds(server, 'q=tyres', ['Snow tyres are in rack seven #tyres']);
    await server.call('DELETE', `/api/routes/${ended.id}`);

    // Starred while no route is there: a later one is not for it, whoever reads the log when.
    const early = await world.say(world.member, 'Starred before the second route #early');
    await world.react(world.admin, early, '⭐');
    await finds(server, 'tag=early', ['Starred before the second route #early']);
    await makeRoute(server, world.source, [world.second]);

    await setAdmins(server, [world.member]);
    const refused = await world.say(world.member, 'The old admin stars in vain');
    await world.react(world.admin, refused, '⭐');
    const withdrawn = await world.say(world.admin, 'Starred and taken back #back');
    await world.react(world.member, withdrawn, '⭐');
    await finds(server, 'tag=back', ['Starred and taken back #back']);
    await world.react(world.member, withdrawn, '👍');
    await finds(server, 'tag=back', []);
    const edited = await world.say(world.member, 'To be edited #edit');
    const content = { kind: 'edit', target: edited, text: 'Edited #edit #more' };
    await sandbox.write(world.member, { to: world.source, content });
    await world.react(world.member, edited, '🌟');
    await finds(server, 'tag=more', ['Edited #edit #more']);
    await world.arrived(world.member, world.second, 'Edited #edit #more');
    await settled();

    const [rows, forwards, phones] = [await derived(), await forwardsOf(server), await onPhones()];
    expect(rows.knowledge_messages).toHaveLength(5);
    expect(forwards.map(({ sourceMessageId }) => sourceMessageId)).toEqual([
      tagged,
      withdrawn,
      edited,
    ]);

    await server.house.database.write([
      ...[...DERIVED, ...VOCABULARY].map((table) => ({ query: kysely().deleteFrom(table) })),
      {
        query: kysely()
          .updateTable('event_consumers')
          .set({ position: 0 })
          .where('name', '=', 'knowledge'),
      },
    ]);
    await server.close();
    await server.open();
    await settled();
    expect(await derived()).toEqual(rows);
    const again = await forwardsOf(server);
    expect(again.map(({ id, messageId }) => [id, messageId])).toEqual(
      forwards.map(({ id, messageId }) => [id, messageId]),
    );
    expect(await onPhones()).toEqual(phones);
  }, 60_000);
});

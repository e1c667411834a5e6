import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { pino } from 'pino';
import { FIRST_USER } from '../auth/principal.js';
import { DatabaseIndex } from '../consumers/knowledge/search/database-index.js';
import type { KnowledgeDocument } from '../consumers/knowledge/search/knowledge-index.js';
import { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';

/**
 * A program that fills an empty storage with approved messages, through the index of the product, for
 * benchmarks of the search.
 */
const { values } = parseArgs({
  options: {
    storage: { type: 'string' },
    database: { type: 'string' },
    messages: { type: 'string', default: '200000' },
  },
});

const BATCH = 400;
const SECONDS_BETWEEN = 20;
const VOCABULARY = 40_000;
const TAGS = ['price', 'stock', 'safety', 'delivery', 'hours', 'hr'];

const { storage } = values;
const total = Number(values.messages);
if (!storage || !(total > 0))
  throw new Error('--storage <folder> and --messages <count> are needed');

const logger = pino({ level: 'silent' });
const database = await Database.open({ url: values.database, storageRoot: storage, logger });
const index = new DatabaseIndex(database);
const firstAt = Math.floor(Date.now() / 1000 - total * SECONDS_BETWEEN) * 1000;
let random = 1;

for (let from = 0; from < total; from += BATCH) {
  const count = Math.min(BATCH, total - from);
  const documents = Array.from({ length: count }, (_, n) => documentOf(from + n));
  const steps = await Promise.all(documents.map((document) => index.put(document)));
  await database.write([...documents.flatMap(kept), ...steps.flat()]);
}
// PostgreSQL looks at a table that has grown within a minute by itself, and plans badly until then.
if (database.dialect === 'postgres')
  await database.write([{ query: { compile: () => sql`analyze`.compile(database.kysely) } }]);
await database.close();

function kept(document: KnowledgeDocument): WriteStep[] {
  const { ownerId, groupId, messageId, text, at, senderJid } = document;
  const key = { owner_id: ownerId, group_jid: groupId, message_id: messageId, session_id: 's1' };
  const tags = JSON.stringify(document.tags);
  const row = { ...key, sender_jid: senderJid, type: 'text', text, tags, at, approved_at: at };
  const { kysely } = database;
  return [
    { query: kysely.insertInto('knowledge_messages').values({ ...row, by_admin: 0 }) },
    { query: kysely.insertInto('knowledge_sightings').values(key) },
  ];
}

function documentOf(n: number): KnowledgeDocument {
  const tag = TAGS[n % 7];
  return {
    ownerId: FIRST_USER,
    groupId: `12036300000000${1000 + (n % 40)}@g.us`,
    messageId: `M${n}`,
    text: textOf(n) + (tag ? ` #${tag}` : ''),
    tags: tag ? [tag] : [],
    senderJid: `999000${1000 + (n % 300)}@s.whatsapp.net`,
    sessionIds: ['s1'],
    at: firstAt + n * SECONDS_BETWEEN * 1000,
  };
}

/** Words as often as in real language (the n-th word one n-th as often), one rare one now and then. */
function textOf(n: number): string {
  const words = Array.from({ length: 5 + (n % 16) }, () =>
    wordOf(Math.floor(VOCABULARY ** nextRandom())),
  );
  if (n % 10_000 === 77) words.push('thermostat', 'calibration');
  return words.join(' ');
}

/** The words of the benchmark: syllables that make a word out of a number. */
function wordOf(rank: number): string {
  const syllables = ['ka', 'mo', 'ri', 'te', 'lu', 'sa', 'ni', 'po', 'de', 'fu', 'ga', 'hel'];
  let word = '';
  for (let rest = rank + 12; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length];
  }
  return word;
}

/** The same texts in each run. */
function nextRandom(): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return random / 2 ** 32;
}

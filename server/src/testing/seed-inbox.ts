import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { pino } from 'pino';
import { FIRST_USER } from '../auth/principal.js';
import { ChatAddresses } from '../chats/chat-addresses.js';
import { ChatStore } from '../chats/chat-store.js';
import { MessageStore, nextArrival } from '../chats/message-store.js';
import { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { EventLog } from '../event-log/event-log.js';
import { Wakeup } from '../event-log/wakeup.js';
import { openSecretBox } from '../secrets/instance-secret.js';
import { SessionStore } from '../sessions/session-store.js';
import { pnJidOf } from '../whatsapp/jid.js';
import { newMessageId } from '../whatsapp/message-id.js';

/**
 * A program that fills an empty storage with the inbox of a team that has worked for long: many chats
 * over some accounts, most of them resolved, and one long chat. Prints what one must know of it as JSON.
 */
const { values } = parseArgs({
  options: {
    storage: { type: 'string' },
    database: { type: 'string' },
    sessions: { type: 'string', default: 'sales,support' },
    /** Over all sessions. */
    chats: { type: 'string', default: '2000' },
    /** Messages of the long chat, the newest of the first session. */
    long: { type: 'string', default: '100000' },
  },
});

const FIRST_PHONE = 99_900_100_000;
const AT_ONCE = 50;
const BATCH = 500;
const LABELS = [
  ['New customer', '#0a7f64'],
  ['Invoice', '#8a5a00'],
  ['Complaint', '#b3261e'],
  ['Wholesale', '#3451b2'],
] as const;
const NAMES =
  'Ana Bruno Carla Davide Elif Farid Greta Hugo Ines Jonas Karim Lucía Mónica Nadia'.split(' ');
const SURNAMES =
  'Alves Becker Castro Dias Ekström Ferri Gómez Haddad Ivanova Jansen Kaya López'.split(' ');
const SENTENCES = [
  'Good morning!',
  'Is my order on its way?',
  'Thank you very much, that was quick.',
  'Could you send me the invoice once more, please?',
  'We will look into it and write to you today.',
  'Which sizes do you have left?',
  'The parcel came, but one of the cups is broken. What do I have to do now?',
  'ok',
  'Until when are you open on Saturday? I would come by to pick it up myself.',
  'Perfect 👍',
];

const sessionIds = (values.sessions ?? '').split(',').filter(Boolean);
const [total, long] = [Number(values.chats), Number(values.long)];
const { storage } = values;
if (!storage || sessionIds.length === 0 || !(total > 0) || !(long >= 0))
  throw new Error('--storage <folder> is needed; --sessions, --chats and --long say how much');

const logger = pino({ level: 'silent' });
const database = await Database.open({ url: values.database, storageRoot: storage, logger });
const { kysely } = database;
const log = new EventLog(database, new Wakeup());
const chats = new ChatStore(database, new ChatAddresses(database, log));
const messages = new MessageStore(database);
const box = await openSecretBox(database, { storageRoot: storage, encrypt: true });
const store = new SessionStore(database, log, box);
const labels = LABELS.map(([name, color], index) => ({ id: `label-${index}`, name, color }));
const now = Math.floor(Date.now() / 1000) * 1000;

for (const id of sessionIds) {
  const displayName = id.charAt(0).toUpperCase() + id.slice(1);
  await store.create({ id, ownerId: FIRST_USER, engine: 'baileys', displayName, maxSlots: null });
}
await database.write([{ query: kysely.insertInto('team_labels').values(labels) }]);
for (let from = 0; from < total; from += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, total - from) }, (_, n) => from + n);
  await Promise.all(some.map(seedChat));
}
const middle = await seedLongChat();
// PostgreSQL looks at tables that have grown within a minute by itself, and plans badly until then.
if (database.dialect === 'postgres')
  for (const table of ['chats', 'messages', 'chat_aliases', 'contacts'])
    await database.write([
      { query: { compile: () => sql`analyze ${sql.table(table)}`.compile(kysely) } },
    ]);
await database.close();
const longChat = { sessionId: sessionIds[0], chatId: pnJidOf(String(FIRST_PHONE)), middle };
process.stdout.write(`${JSON.stringify({ sessionIds, chats: total, longChat })}\n`);

/** The n-th newest chat: what lies longer back is more likely resolved. */
async function seedChat(n: number): Promise<void> {
  const session = sessionOf(n);
  const isGroup = n % 12 === 7;
  const jid = isGroup ? `1203630000${n}@g.us` : pnJidOf(String(FIRST_PHONE + n));
  const name = isGroup
    ? `${of(SURNAMES, n)} family & friends`
    : `${of(NAMES, n)} ${of(SURNAMES, n >> 2)}`;
  await chats.addresses.write(session, { jid }, (chat) => {
    const steps = chats.ensure(session.id, chat, isGroup ? name : undefined);
    const person = isGroup ? pnJidOf(String(FIRST_PHONE + n + 1)) : jid;
    if (!isGroup) steps.push(chats.nameContact(session.id, jid, { name }));
    for (let back = 2; back >= 0; back -= 1) {
      const at = now - 3000 - n * 97_000 - back * 31_000;
      const mine = (n + back) % 3 === 0;
      const { id, step } = message(session.id, chat.id, person, { at, mine, number: n * 7 + back });
      const unread = back === 0 && !mine && n % 9 < 2;
      steps.push(step, chats.countMessage(session.id, chat, { id, at, unread }));
    }
    return [...steps, ...teamOf(session.id, chat.id, n)];
  });
}

function teamOf(sessionId: string, chatId: string, n: number): WriteStep[] {
  const isOld = n > 60 && n % 40 !== 0;
  const state = {
    team_status: isOld
      ? ('resolved' as const)
      : n % 8 === 3
        ? ('pending' as const)
        : ('open' as const),
    assignee_id: n % 3 === 0 ? FIRST_USER : null,
    pinned_at: n % 700 === 5 ? now : null,
    archived: n % 50 === 49 ? 1 : 0,
  };
  const place = { session_id: sessionId, chat_id: chatId };
  const set = kysely
    .updateTable('chats')
    .set(state)
    .where('session_id', '=', sessionId)
    .where('id', '=', chatId);
  const label = kysely
    .insertInto('chat_team_labels')
    .values({ ...place, label_id: of(labels, n >> 2).id });
  const note = kysely.insertInto('chat_notes').values({
    ...place,
    id: `note-${n}`,
    author_id: FIRST_USER,
    author_name: null,
    text: 'Called back; wants an answer by Friday.',
    at: now - 3000 - n * 97_000 - 31_000,
    arrival: nextArrival(),
    edited_at: null,
  });
  return [
    { query: set },
    ...(n % 4 === 0 ? [{ query: label }] : []),
    ...(n % 25 === 0 ? [{ query: note }] : []),
  ];
}

/** The id of the message in the middle. */
async function seedLongChat(): Promise<string> {
  const session = sessionOf(0);
  const jid = pnJidOf(String(FIRST_PHONE));
  let middleId = '';
  for (let from = 0; from < long; from += BATCH) {
    await chats.addresses.write(session, { jid }, (chat) => {
      const steps = chats.ensure(session.id, chat);
      let last = { id: '', at: 0, unread: false };
      for (let number = from; number < Math.min(long, from + BATCH); number += 1) {
        const at = now - 400_000 - (long - number) * 20_000;
        const mine = number % 3 === 0;
        const { id, step } = message(session.id, chat.id, jid, { at, mine, number });
        if (number === long >> 1) middleId = id;
        last = { id, at, unread: false };
        steps.push(step);
      }
      return [...steps, chats.countMessage(session.id, chat, last)];
    });
  }
  return middleId;
}

function message(
  sessionId: string,
  chatId: string,
  person: string,
  { at, mine, number }: { at: number; mine: boolean; number: number },
): { id: string; step: WriteStep } {
  const id = newMessageId();
  const text = number % 11 ? of(SENTENCES, number) : SENTENCES.join(' ');
  const step = messages.insert(sessionId, {
    id,
    chatId,
    fromMe: mine,
    senderJid: mine ? null : person,
    at,
    arrival: nextArrival(),
    content: { type: 'text', text },
    status: mine ? 'read' : 'received',
    source: 'history',
    raw: null,
  });
  return { id, step };
}

function sessionOf(n: number) {
  return { id: of(sessionIds, n), ownerId: FIRST_USER };
}

function of<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

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
import { newMessageId } from '../whatsapp/message-id.js';

/**
 * A program that fills an empty storage with one session and one long chat, through the stores of the
 * product, for benchmarks of reading. Prints the id of the message in the middle.
 */
const { values } = parseArgs({
  options: {
    storage: { type: 'string' },
    database: { type: 'string' },
    session: { type: 'string', default: 'long' },
    chat: { type: 'string', default: '99900000001@s.whatsapp.net' },
    messages: { type: 'string', default: '500000' },
  },
});

const BATCH = 500;
const SECONDS_BETWEEN = 20;
const VOCABULARY = 20_000;

const { storage, chat: chatId, session: sessionId } = values;
const total = Number(values.messages);
if (!storage || !(total > 0))
  throw new Error('--storage <folder> and --messages <count> are needed');

const logger = pino({ level: 'silent' });
const database = await Database.open({ url: values.database, storageRoot: storage, logger });
const log = new EventLog(database, new Wakeup());
const chats = new ChatStore(database, new ChatAddresses(database, log));
const messages = new MessageStore(database);
const box = await openSecretBox(database, { storageRoot: storage, encrypt: true });
const session = { id: sessionId, ownerId: FIRST_USER };
await new SessionStore(database, log, box).create({
  ...session,
  engine: 'baileys',
  maxSlots: null,
});

const firstAt = Math.floor(Date.now() / 1000 - total * SECONDS_BETWEEN) * 1000;
let random = 1;
let middle = '';

for (let from = 0; from < total; from += BATCH) await seed(from, Math.min(total, from + BATCH));
// PostgreSQL looks at a table that has grown within a minute by itself, and plans badly until then.
if (database.dialect === 'postgres')
  await database.write([
    { query: { compile: () => sql`analyze messages`.compile(database.kysely) } },
  ]);
await database.close();
process.stdout.write(`${middle}\n`);

async function seed(from: number, to: number): Promise<void> {
  await chats.addresses.write(session, { jid: chatId }, (chat) => {
    const steps: WriteStep[] = chats.ensure(sessionId, chat);
    let last = { id: '', at: 0, unread: false };
    for (let index = from; index < to; index += 1) {
      const id = newMessageId();
      const at = firstAt + index * SECONDS_BETWEEN * 1000;
      if (index === total >> 1) middle = id;
      last = { id, at, unread: false };
      steps.push(
        messages.insert(sessionId, {
          id,
          chatId: chat.id,
          fromMe: index % 3 === 0,
          senderJid: chatId,
          at,
          arrival: nextArrival(),
          content: { type: 'text', text: textOf(index) },
          status: index % 3 === 0 ? 'read' : 'received',
          source: 'history',
          raw: null,
        }),
      );
    }
    return [...steps, chats.countMessage(sessionId, chat, last)];
  });
}

/** Words as often as in real language (the n-th word one n-th as often), one rare one now and then. */
function textOf(index: number): string {
  const words = Array.from({ length: 4 + (index % 16) }, () => {
    const rank = Math.floor(VOCABULARY ** nextRandom());
    return `w${rank.toString(36)}`;
  });
  if (index % 10_000 === 77) words.push(`needle${index}`, 'rarity');
  return words.join(' ');
}

/** The same texts in each run. */
function nextRandom(): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return random / 2 ** 32;
}

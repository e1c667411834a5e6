import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import pino from 'pino';
import { expect } from 'vitest';
import { Database } from '../../db/database.js';
import { emptyDatabase } from '../../testing/databases.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';

/** A crash point is for sandboxes alone; nothing connects there. */
const SANDBOX = {
  WA_WEB_SOCKET_URL: 'ws://127.0.0.1:1',
  WA_NOISE_ROOT_KEY: '0'.repeat(64),
};

const PROGRAM = fileURLToPath(new URL('../../../dist/move/main.js', import.meta.url));

/**
 * Numbers are linked on the embedded database, which gets many messages and is moved by a program
 * that is killed in the middle; then a server on PostgreSQL has it all, and its numbers talk.
 */
export async function moveStory(size: { sessions: number; messages: number; kills: string[] }) {
  const sandbox = await TestSandbox.start();
  const first = await TestServer.start(sandbox, { database: 'sqlite' });
  const database = await emptyDatabase('postgres');
  const url = database.url as string;
  let second: TestServer | undefined;
  try {
    const person = await sandbox.phone();
    const phones = await linkAll(sandbox, first, size.sessions);
    const [own = ''] = phones;
    const before = await sandbox.write(person, { to: own, text: 'before the move' });
    await first.message('moved-0', before);
    const { storageRoot } = first;
    await first.close();
    await fill(storageRoot, size);

    for (const kill of size.kills) {
      const killed = await migrateTo(storageRoot, url, { PATCHBAY_CRASH_AT: kill });
      expect(killed.signal, killed.output).toBe('SIGKILL');
      await expect(first.open()).rejects.toThrow('is being moved to');
    }
    const moved = await migrateTo(storageRoot, url);
    expect(moved.output).toMatch(/All [\d,]+ rows of \d+ tables are the same on both sides/);
    expect(moved.code).toBe(0);
    await expect(first.open()).rejects.toThrow('was moved to');

    second = await TestServer.start(sandbox, {
      database: 'sqlite',
      environment: { DATABASE_URL: url, STORAGE_ROOT: storageRoot },
    });
    for (const index of phones.keys()) await second.reaches(`moved-${index}`, 'connected');
    await second.message('moved-0', before);
    const answer = await second.send('moved-0', person, 'after the move');
    await second.message('moved-0', answer, ({ status }) => status === 'delivered');
    const after = await sandbox.write(person, { to: own, text: 'and back' });
    await second.message('moved-0', after);
    const path = '/api/sessions/moved-0/messages/search?q=number%201234';
    const found = await second.call<{ results: { message: { id: string } }[] }>('GET', path);
    expect(found.body.results.map(({ message }) => message.id)).toContain('M1234');
    return moved.output;
  } finally {
    await second?.stop();
    await first.stop();
    await database.drop();
    await sandbox.stop();
  }
}

/** The command as a program of its own, to its end. */
export async function migrateTo(
  storageRoot: string,
  url: string,
  environment: Record<string, string> = {},
) {
  const child = spawn(process.execPath, [PROGRAM, url, '--data', storageRoot], {
    env: { ...SANDBOX, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const [code, signal] = await once(child, 'close');
  return { code, signal, output };
}

async function linkAll(sandbox: TestSandbox, server: TestServer, sessions: number) {
  const phones: string[] = [];
  for (let index = 0; index < sessions; index++) {
    const phone = await sandbox.phone();
    phones.push(phone);
    await server.linked(sandbox, `moved-${index}`, phone);
  }
  return phones;
}

/** Rows as years of use leave them. */
async function fill(
  storageRoot: string,
  { messages, sessions }: Record<'messages' | 'sessions', number>,
) {
  const logger = pino({ level: 'silent' });
  const database = await Database.open({ storageRoot, logger });
  const write = async (statement: ReturnType<typeof sql>) => {
    await database.write([{ query: { compile: () => statement.compile(database.kysely) } }]);
  };
  const numbers = sql`with recursive numbers(n) as
    (select 0 union all select n + 1 from numbers where n + 1 < ${sql.lit(messages)})`;
  // The place of the first message that is stored there, so that none is taken.
  await write(sql`insert into messages (session_id, id, chat_id, from_me, sender_jid, type, text,
      content, at, arrival, status, hidden, edited, source, raw, place, words)
    ${numbers} select case when n = 1234 then 'moved-0' else 'moved-' || (n % ${sessions}) end,
      'M' || n, '999' || (n % 500) || '@s.whatsapp.net', n % 2, null, 'text',
      'It''s number ' || n || ' "\\{' || char(9) || '…👍', '{"type":"text"}',
      1600000000000 + n * 1000, n, 'read', 0, 0, 'history', randomblob(200 + n % 400), n + 1,
      'it s number ' || n from numbers`);
  await write(sql`insert into events (owner_id, session_id, sequence, name, data, at)
    ${numbers} select 'owner', 'moved-' || (n % ${sessions}), 1000000 + n, 'message.received',
      '{"text":"number ' || n || '"}', 1600000000000 + n from numbers`);
  await write(sql`update sessions set event_sequence = 2000000`);
  await database.close();
}

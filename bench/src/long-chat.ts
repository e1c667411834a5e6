import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './median.js';
import { ServerProcess } from './server-process.js';
import { emptyDatabase } from './storage.js';

const SEED = fileURLToPath(new URL('../../server/dist/testing/seed-long-chat.js', import.meta.url));
const SESSION = 'long';
const CHAT = '99900000001@s.whatsapp.net';

export interface LongChatPlan {
  messages: number;
  /** Each request is made so often. */
  requests: number;
}

/** Milliseconds of a request over HTTP. */
export interface Latency {
  what: string;
  median: number;
  slowest: number;
}

/**
 * Reads in a chat of many messages, over HTTP from a server as users start it. The messages are
 * written by the product's own stores beforehand.
 * @param postgres a server's URL; absent: SQLite
 */
export async function readLongChat(
  { messages, requests }: LongChatPlan,
  postgres: string | undefined,
): Promise<Latency[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-long-chat-'));
  const database = postgres ? await emptyDatabase(postgres) : undefined;
  try {
    const args = ['--storage', folder, '--messages', String(messages), '--chat', CHAT];
    if (database) args.push('--database', database.url);
    const { stdout } = await promisify(execFile)(process.execPath, [SEED, ...args]);
    const server = await ServerProcess.start({
      storageRoot: folder,
      sandbox: undefined,
      databaseUrl: database?.url,
    });
    try {
      return await readAll(server, stdout.trim(), requests);
    } finally {
      await server.stop();
    }
  } finally {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readAll(
  server: ServerProcess,
  middle: string,
  requests: number,
): Promise<Latency[]> {
  const session = `/api/sessions/${SESSION}`;
  const thread = `${session}/chats/${encodeURIComponent(CHAT)}/messages`;
  const search = `${session}/messages/search`;
  const { before } = (await server.call('GET', `${thread}?around=${middle}`)) as { before: string };
  const reads: [string, string][] = [
    ['first page', thread],
    ['a page in the middle', `${thread}?before=${encodeURIComponent(before)}`],
    ['jump to a message in the middle', `${thread}?around=${middle}`],
    ['search for a rare word', `${search}?q=rarity`],
    ['search for a word that is in most messages', `${search}?q=%22w1%22`],
    ['search for two words', `${search}?q=w3a+w7`],
    ['search for words that follow each other', `${search}?q=%22w2+w5%22`],
    ['search for the beginning of a word', `${search}?q=w3a`],
    ['search in the chat', `${search}?q=rarity&chatId=${encodeURIComponent(CHAT)}`],
    ['search for what is not there', `${search}?q=nowhere`],
  ];
  const latencies: Latency[] = [];
  for (const [what, url] of reads) {
    const times: number[] = [];
    for (let request = 0; request < requests; request += 1) {
      const started = performance.now();
      await server.call('GET', url);
      times.push(performance.now() - started);
    }
    latencies.push({ what, median: median(times), slowest: Math.max(...times) });
  }
  return latencies;
}

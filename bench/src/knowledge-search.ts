import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DatabaseKind } from './results.js';
import { ServerProcess } from './server-process.js';
import { emptyDatabase } from './storage.js';
import { atMost, type Verdict } from './verdict.js';

const SEED = fileURLToPath(new URL('../../server/dist/testing/seed-knowledge.js', import.meta.url));

export interface KnowledgePlan {
  messages: number;
  /** Each query is asked so often. */
  requests: number;
}

/** Milliseconds of first results over HTTP. */
export interface KnowledgeSearchResult {
  database: DatabaseKind;
  byKind: { what: string; times: number[] }[];
}

const GROUP = '12036300000000001007@g.us';
/** What people type: rare words and common ones, half words, wrong ones, with and without filters. */
const QUERIES: [string, string][] = [
  ['a rare word', 'q=thermostat'],
  ['two rare words', 'q=thermostat+calibration'],
  ['a rare word with a typo', 'q=termostat'],
  ['two words with typos', 'q=thermosatt+calibraton'],
  ['the beginning of a word', 'q=therm'],
  ['a word that is in most messages', 'q=kamo'],
  ['two common words', 'q=kamo+momo'],
  ['a common word with a typo', 'q=rimok'],
  ['words that follow each other', 'q=%22kamo+momo%22'],
  ['a tag', 'q=%23safety'],
  ['a word in one group', `q=kamo&group=${encodeURIComponent(GROUP)}`],
  ['no words, one group', `group=${encodeURIComponent(GROUP)}`],
  ['what is not there', 'q=xylophonist'],
];

/**
 * Searches among approved messages, over HTTP from a server as users start it.
 * @param postgres a server's URL; absent: SQLite
 */
export async function searchKnowledge(
  { messages, requests }: KnowledgePlan,
  postgres: string | undefined,
): Promise<KnowledgeSearchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-knowledge-'));
  const database = postgres ? await emptyDatabase(postgres) : undefined;
  try {
    const args = ['--storage', folder, '--messages', String(messages)];
    if (database) args.push('--database', database.url);
    await promisify(execFile)(process.execPath, [SEED, ...args]);
    const server = await ServerProcess.start({
      storageRoot: folder,
      sandbox: undefined,
      databaseUrl: database?.url,
    });
    try {
      const byKind = await askAll(server, requests);
      return { database: postgres ? 'PostgreSQL' : 'SQLite', byKind };
    } finally {
      await server.stop();
    }
  } finally {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function askAll(server: ServerProcess, requests: number) {
  const byKind: KnowledgeSearchResult['byKind'] = QUERIES.map(([what]) => ({ what, times: [] }));
  for (let request = 0; request < requests; request += 1) {
    for (const [index, [, query]] of QUERIES.entries()) {
      const started = performance.now();
      await server.call('GET', `/api/search?limit=30&${query}`);
      byKind[index]?.times.push(performance.now() - started);
    }
  }
  return byKind;
}

/** The goal: first results of what people type. */
export function knowledgeVerdicts({ database, byKind }: KnowledgeSearchResult): Verdict[] {
  const all = byKind.flatMap(({ times }) => times);
  return [atMost(`Knowledge search, first results, median ms (${database})`, part(all, 0.5), 100)];
}

export function knowledgeTable(
  { messages, requests }: KnowledgePlan,
  { database, byKind }: KnowledgeSearchResult,
): string {
  const row = (what: string, times: number[]) =>
    `| ${what} | ${part(times, 0.5).toFixed(1)} | ${part(times, 0.99).toFixed(1)} |`;
  const all = byKind.flatMap(({ times }) => times);
  return `## Knowledge search among ${messages.toLocaleString('en')} messages, ${database}

First 30 results over HTTP, ${requests} requests of each, in turn, in milliseconds.

| | median | p99 |
| --- | --- | --- |
${byKind.map(({ what, times }) => row(what, times)).join('\n')}
${row('**all**', all)}`;
}

/** The value below which this part of them is. */
function part(times: number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

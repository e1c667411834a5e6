import { randomBytes } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run of all stories gathers what products log; see scripts/log-sweep.mjs. */
const folder = process.env.TEST_LOGS;
const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
const files = new Map<string, number>();
const planted = new Set<string>();

/** Shorter ones are words that a log may hold by chance. */
const TELLING = 8;
/** Fields of bodies and answers whose values no log may show. */
const SECRET =
  /^(password|current|next|token|apiKey|key|secret|text|caption|phone|whatsappPhone|pairingCode)$/;

/** With which settings products log what is kept here. */
export const LOG_SETTINGS = folder ? { LOG_LEVEL: 'debug', LOG_FORMAT: 'json' } : {};

/** Keeps what a product has logged. */
export function captureLog(text: string): void {
  if (folder) append('log', text);
}

/** No log may hold this value from now on, nor before. */
function plant(value: string): void {
  if (!folder || value.length < TELLING || planted.has(value)) return;
  planted.add(value);
  append('planted', `${JSON.stringify(value)}\n`);
}

/** The same for whatever is secret in a body, by the names of its fields. */
export function plantAll(body: unknown): void {
  if (!folder || typeof body !== 'object' || body === null) return;
  for (const [field, value] of Object.entries(body)) {
    if (typeof value === 'string' && SECRET.test(field)) plant(value);
    else plantAll(value);
  }
}

function append(kind: 'log' | 'planted', text: string): void {
  const file = files.get(kind) ?? openSync(join(folder as string, `${name}.${kind}`), 'a');
  files.set(kind, file);
  writeSync(file, text);
}

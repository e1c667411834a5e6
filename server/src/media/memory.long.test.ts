import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { SendAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { fileOf, fileOnPhone, sendFile } from '../testing/media-of.js';
import { ProcessPair } from '../testing/process-pair.js';
import { API_KEY } from '../testing/test-api.js';

const MB = 1024 * 1024;
const MAY_GROW = 40 * MB;

/** Resident memory of a process, in bytes. */
function resident(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) * 1024;
}

/** The most that a process held while something was done. */
async function peakDuring(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, resident(pid));
  };
  const timer = setInterval(look, 50);
  try {
    await work();
    look();
    return peak;
  } finally {
    clearInterval(timer);
  }
}

describe.each(databases)('a file on %s', (name) => {
  let pair: ProcessPair;
  let number: string;
  let friend: string;

  beforeAll(async () => {
    pair = await ProcessPair.start(name, {
      MEDIA_DOWNLOAD_MAX_MB: '48',
      MEDIA_UPLOAD_MAX_MB: '48',
    });
    number = await pair.sandbox.phone('Rosa');
    friend = await pair.sandbox.phone('Ana');
    await pair.server.linked(pair.sandbox, 'm', number);
    // What the first files load stays loaded.
    for (const file of [randomBytes(2 * MB), randomBytes(2 * MB)]) {
      await receive(file);
      await send(file);
    }
  }, 60_000);
  afterAll(() => pair.stop());

  async function receive(file: Buffer): Promise<void> {
    const facts = { kind: 'document', mimetype: 'application/zip', filename: 'a.zip' } as const;
    const id = await sendFile(pair.sandbox, friend, number, file, facts);
    await pair.server.message('m', id);
    const got = await fileOf(pair.server, 'm', id);
    expect(got.status).toBe(200);
    expect(got.bytes.equals(file)).toBe(true);
  }

  async function send(file: Buffer): Promise<void> {
    const body = new FormData();
    body.set('chatId', friend);
    body.set('file', new Blob([new Uint8Array(file)]), 'a.zip');
    const answer = await fetch(`${pair.server.url}/api/sessions/m/send/media?wait=delivered`, {
      method: 'POST',
      body,
      headers: { 'x-api-key': API_KEY },
    });
    const { messageId, status } = (await answer.json()) as SendAnswer;
    expect([answer.status, status]).toEqual([200, 'delivered']);
    const { file: got } = await fileOnPhone(pair.sandbox, friend, messageId);
    expect(got.equals(file)).toBe(true);
  }

  // The larger one would not fit if it were held whole anywhere.
  it.each([
    [16, 'received', receive],
    [16, 'sent', send],
    [48, 'received', receive],
    [48, 'sent', send],
  ] as const)(
    'of %d MB is %s with little more memory',
    async (size, _, work) => {
      const { pid } = pair.serverProcess;
      const before = resident(pid);
      const peak = await peakDuring(pid, () => work(randomBytes(size * MB)));
      expect((peak - before) / MB).toBeLessThan(MAY_GROW / MB);
    },
    120_000,
  );
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PhoneMessage } from './message-log.js';
import { Companion, type CompanionTarget } from './test-companion.js';

/** The built program: what is killed here is a process of its own. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const OWNER = '51999000001';
const FRIEND = '51999000002';

let dataDir: string;
let child: ChildProcess;
let url: string;

async function launch(): Promise<CompanionTarget> {
  if (!existsSync(MAIN)) throw new Error('Build the sandbox first: npm run build');
  child = spawn(process.execPath, [MAIN, '--port', '0', '--data', dataDir, '--empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const found = /listening on (http:\S+)/.exec(line)?.[1];
    if (found) {
      url = found;
      return (await (await fetch(`${url}/api/info`)).json()) as CompanionTarget;
    }
  }
  throw new Error('the sandbox ended before it was ready');
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

async function textsOf(phone: string): Promise<string[]> {
  const { messages } = await api<{ messages: PhoneMessage[] }>('GET', `/phones/${phone}/messages`);
  return messages.map(({ text }) => text);
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-kill-'));
});

afterEach(async () => {
  await kill();
  rmSync(dataDir, { recursive: true });
});

/** Writes from the phone until the process is gone; each text here was answered with success. */
async function floodFromPhone(name: string, count: number): Promise<string[]> {
  const accepted: string[] = [];
  for (let i = 0; ; i++) {
    try {
      await api('POST', `/phones/${FRIEND}/messages`, { to: OWNER, text: `${name}/${i}` });
    } catch {
      return accepted;
    }
    accepted.push(`${name}/${i}`);
    // The next request is on its way when the process dies.
    if (i === count) child.kill('SIGKILL');
  }
}

/** Writes from the companion until the process is gone; each id here was acknowledged by the server. */
async function floodFromCompanion(companion: Companion, count: number): Promise<string[]> {
  const acknowledged: string[] = [];
  companion.socket.ws.on('CB:ack,class:message', ({ attrs }: { attrs: { id: string } }) => {
    acknowledged.push(attrs.id);
    if (acknowledged.length === count) child.kill('SIGKILL');
  });
  const { socket } = companion;
  while (companion.state === 'open' && companion.socket === socket) {
    await socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'flood' }).catch(() => undefined);
    await new Promise(setImmediate);
  }
  return acknowledged;
}

async function linkedCompanion(): Promise<Companion> {
  const companion = new Companion(await launch());
  await api('POST', '/phones', { phone: OWNER, name: 'Olivia' });
  await api('POST', '/phones', { phone: FRIEND, name: 'Fabio' });
  const qr = await companion.until('a QR', () => companion.qr);
  await api('POST', `/phones/${OWNER}/scan`, { qr });
  await companion.until('the connection', () => companion.state === 'open');
  await api('POST', '/settle');
  return companion;
}

async function relaunch(companion: Companion): Promise<void> {
  await companion.until('the end of the process', () => companion.state !== 'open');
  companion.retarget(await launch());
  await companion.until('the connection', () => companion.state === 'open');
}

it('keeps what a phone was told is sent, and delivers it after SIGKILL', async () => {
  const companion = await linkedCompanion();
  try {
    const accepted: string[] = [];
    for (const [round, count] of [5, 12, 20].entries()) {
      accepted.push(...(await floodFromPhone(`round ${round}`, count)));
      await relaunch(companion);
    }
    await api('POST', '/settle');
    const [sent, copies] = [await textsOf(FRIEND), await textsOf(OWNER)];
    expect(accepted.length).toBeGreaterThan(30);
    for (const text of accepted) {
      expect(companion.texts()).toContain(text);
      expect(sent.filter((each) => each === text)).toHaveLength(1);
      expect(copies.filter((each) => each === text)).toHaveLength(1);
    }
  } finally {
    await companion.stop();
  }
}, 60_000);

it('shows once on the phone, after SIGKILL, whatever the server had acknowledged', async () => {
  const companion = await linkedCompanion();
  try {
    const acknowledged: string[] = [];
    for (const count of [5, 12, 20]) {
      acknowledged.push(...(await floodFromCompanion(companion, count)));
      await relaunch(companion);
    }
    await api('POST', '/settle');
    const { messages } = await api<{ messages: PhoneMessage[] }>(
      'GET',
      `/phones/${FRIEND}/messages`,
    );
    expect(acknowledged.length).toBeGreaterThan(30);
    for (const id of acknowledged) {
      expect(messages.filter((each) => each.id === id)).toHaveLength(1);
    }
  } finally {
    await companion.stop();
  }
}, 60_000);

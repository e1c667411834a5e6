import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.js';
import type { PhoneMessage } from './message-log.js';
import { Companion } from './test-companion.js';

const OWNER = '51999000001';
const FRIEND = '51999000002';
const THIRD = '51999000003';

let dataDir: string;
let sandbox: Sandbox;
const companions: Companion[] = [];

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${sandbox.controlUrl}/api${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function messagesOf(phone: string): Promise<PhoneMessage[]> {
  const { messages } = await api<{ messages: PhoneMessage[] }>('GET', `/phones/${phone}/messages`);
  return messages;
}

const settle = () => api('POST', '/settle', {});
const send = (from: string, to: string, text: string) =>
  api<{ id: string }>('POST', `/phones/${from}/messages`, { to, text });

async function linked(phone: string): Promise<Companion> {
  const companion = new Companion(sandbox);
  companions.push(companion);
  const qr = await companion.until('a QR', () => companion.qr);
  await api('POST', `/phones/${phone}/scan`, { qr });
  await companion.until('the connection', () => companion.state === 'open');
  return companion;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-phone-'));
  sandbox = await startSandbox({ dataDir, port: 0 });
  await api('POST', '/phones', { phone: OWNER, name: 'Olivia' });
  await api('POST', '/phones', { phone: FRIEND, name: 'Fabio' });
  await api('POST', '/phones', { phone: THIRD, name: 'Tomas' });
});

afterEach(async () => {
  for (const companion of companions.splice(0)) await companion.stop();
  await sandbox.stop();
  rmSync(dataDir, { recursive: true });
});

describe('a simulated phone with real companions', () => {
  it('scans a QR, names the companion, and talks through it both ways', async () => {
    const companion = await linked(OWNER);
    await send(FRIEND, OWNER, 'hello');
    await companion.until('the message', () => companion.texts().includes('hello'));
    await companion.until('the owner name', () => companion.name === 'Olivia');
    const sent = await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'hi!' });
    await settle();
    const [received] = (await messagesOf(FRIEND)).filter(({ fromMe }) => !fromMe);
    expect(received).toMatchObject({ id: sent?.key.id, from: OWNER, to: FRIEND, text: 'hi!' });
    const onPhone = (await messagesOf(OWNER)).find(({ id }) => id === sent?.key.id);
    expect(onPhone).toMatchObject({ from: OWNER, to: FRIEND, fromMe: true, text: 'hi!' });
  });
});

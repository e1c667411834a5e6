import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node } from '../protocol/stanza.js';
import { startSandbox } from '../sandbox.js';
import { newKeyPair } from '../wire/curve.js';
import type { LoadBatch, LoadResult } from './load.js';
import { WireClient } from './wire-client.js';

/** How much the sandbox delivers from one process to clients that cost next to nothing. */
export interface Ceiling extends LoadResult {
  messages: number;
  devices: number;
  /** Processor time of the sandbox's process per message, user and system. */
  cpuMsPerMessage: number;
}

const PHONE = '51999800001';

interface Device {
  index: number;
  publicKey: string;
  privateKey: string;
}

/** Measures with clients in a process of their own. */
export async function measureCeiling(messages = 20_000, devices = 20): Promise<Ceiling> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-ceiling-'));
  const control = async () => ({ handle: () => {}, close: async () => {} });
  const sandbox = await startSandbox({ dataDir, port: 0, control });
  const { server } = sandbox;
  server.createAccount(PHONE, 'Load');
  const keys = Array.from({ length: devices }, () => newKeyPair());
  const known: Device[] = keys.map(({ publicKey, privateKey }) => ({
    index: server.load.addDevice(PHONE, publicKey),
    publicKey: publicKey.toString('hex'),
    privateKey: privateKey.toString('hex'),
  }));
  const clients = fork(fileURLToPath(import.meta.url), ['clients']);
  try {
    await ready(clients, { wsUrl: sandbox.wsUrl, known });
    const each = Math.floor(messages / devices);
    await server.load.run(known.map(({ index }) => batch(index, Math.min(each, 200))));
    const before = process.cpuUsage();
    const result = await server.load.run(known.map(({ index }) => batch(index, each)));
    const { user, system } = process.cpuUsage(before);
    const total = each * devices;
    return { ...result, messages: total, devices, cpuMsPerMessage: (user + system) / 1000 / total };
  } finally {
    clients.kill();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true });
  }
}

function batch(device: number, count: number): LoadBatch {
  const sealed = Buffer.alloc(180, 7);
  const stanzas = Array.from({ length: count }, (_, index) =>
    node(
      'message',
      {
        from: '199999999999999@lid',
        sender_pn: '51999800002@s.whatsapp.net',
        id: `3EB0${device.toString(16).padStart(4, '0')}${index.toString(16).padStart(14, '0')}`,
        type: 'text',
        t: String(Math.floor(Date.now() / 1000)),
        addressing_mode: 'lid',
        notify: 'Load',
      },
      [node('enc', { v: '2', type: 'msg' }, sealed)],
    ),
  );
  return { phone: PHONE, device, stanzas };
}

async function ready(clients: ChildProcess, setup: { wsUrl: string; known: Device[] }) {
  clients.send(setup);
  await once(clients, 'message');
}

async function playClients(): Promise<void> {
  const [setup] = (await once(process, 'message')) as [{ wsUrl: string; known: Device[] }];
  for (const { index, publicKey, privateKey } of setup.known) {
    await WireClient.logIn(setup.wsUrl, PHONE, index, {
      publicKey: Buffer.from(publicKey, 'hex'),
      privateKey: Buffer.from(privateKey, 'hex'),
    });
  }
  process.send?.('ready');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'clients') await playClients();
  else console.log(JSON.stringify(await measureCeiling()));
}

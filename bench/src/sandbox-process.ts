import { setTimeout as pause } from 'node:timers/promises';
import { type LoadBatch, LoadContact, startSandbox } from '@patchbay/sandbox';
import type { Target } from './bare/bare-session.js';
import { announceReady, answer } from './requests.js';
import { wallClock } from './wall-clock.js';

type BinaryNode = LoadBatch['stanzas'][number];

/** The sandbox in a process of its own, with prepared load: encrypted before the clock runs. */
export interface SandboxAddress extends Target {
  controlUrl: string;
  mediaHost: string;
  mediaCaFile: string;
  /** For sessions in a browser. */
  webPage: { host: string; spki: string };
}

export interface PacedOrder extends LoadOrder {
  /** Messages a second, of all numbers together. */
  perSecond: number;
}

export interface LoadOrder {
  /** Linked numbers; each gets `messages` from each of its contacts. */
  phones: string[];
  messages: number;
  /** Contacts of each number; 1 by default. */
  contacts?: number;
}

const sandbox = await startSandbox({ dataDir: process.argv[2] as string, port: 0 });
const { server } = sandbox;
const contacts = new Map<string, LoadContact>();

/** When contacts got the messages of linked numbers. */
const arrived = new Map<string, number>();

const contactPhone = (phone: string, index: number) =>
  `9${phone.slice(1, -1)}0${phone.at(-1)}${index || ''}`;

async function contactOf(phone: string, index = 0): Promise<LoadContact> {
  const own = contactPhone(phone, index);
  let contact = contacts.get(own);
  if (!contact) {
    contact = await LoadContact.open(server, own);
    contact.onMessage = (id) => {
      if (!arrived.has(id)) arrived.set(id, wallClock());
    };
    contacts.set(own, contact);
  }
  return contact;
}

function target(phone: string) {
  const account = server.account(phone);
  const [device] = server.devices(phone);
  if (!account || !device) throw new Error(`${phone} has no linked device`);
  return { account, device: device.device };
}

async function encrypted(order: LoadOrder): Promise<LoadBatch[]> {
  const { phones, messages, contacts: each = 1 } = order;
  const batches = [];
  for (const phone of phones) {
    const { account, device } = target(phone);
    const texts = range(messages).map((index) => `message ${index} of a load`);
    for (const index of range(each)) {
      batches.push(await (await contactOf(phone, index)).prepare(account, device, texts));
    }
  }
  return batches;
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

answer({
  address: async (): Promise<SandboxAddress> => {
    const { wsUrl, rootPublicKey, media, webPage } = server.info;
    const { controlUrl } = sandbox;
    const { host: mediaHost, caFile: mediaCaFile } = media;
    return { wsUrl, rootPublicKey, controlUrl, mediaHost, mediaCaFile, webPage };
  },
  settle: () => server.settle(60_000),
  /** A first message to each, so that a conversation exists; resolves with whom to answer. */
  greet: async ({ phones }: LoadOrder) => {
    const partners: { phone: string; to: string }[] = [];
    for (const phone of phones) {
      const { account, device } = target(phone);
      const contact = await contactOf(phone);
      await server.load.run([await contact.prepare(account, device, ['hello'])]);
      partners.push({ phone, to: contact.account.phone });
    }
    return partners;
  },
  /** Resolves when each contact has read an answer. */
  heard: async ({ phones }: LoadOrder) => {
    for (const phone of phones) {
      const { account, device } = target(phone);
      await (await contactOf(phone)).hasHeard(account, device);
    }
  },
  /** Encrypts, then delivers with a window of 20 for each number. Resolves with messages a second. */
  load: async (order: LoadOrder) => {
    const batches = await encrypted(order);
    const { perSecond, outcomes } = await server.load.run(batches);
    const wanted = order.phones.length * order.messages;
    if (outcomes.receipted !== wanted) {
      throw new Error(`${outcomes.receipted} of ${wanted} messages were receipted`);
    }
    return perSecond;
  },
  /** Delivers at a steady rate. Resolves with when each message left, by its id. */
  pace: async ({ perSecond, ...order }: PacedOrder) => {
    const batches = await encrypted(order);
    const all = range(order.messages).flatMap((index) =>
      batches.map(({ stanzas, ...to }) => ({ ...to, stanza: stanzas[index] as BinaryNode })),
    );
    const left: [id: string, at: number][] = [];
    const started = performance.now();
    for (const { stanza, ...to } of all) {
      const due = started + (left.length * 1000) / perSecond;
      if (due > performance.now()) await pause(due - performance.now());
      left.push([stanza.attrs.id ?? '', wallClock()]);
      server.load.inject({ ...to, stanzas: [stanza] });
    }
    return left;
  },
  /** When each of these messages came to its contact; waits for them. */
  arrivals: async (ids: string[]) => {
    while (!ids.every((id) => arrived.has(id))) await pause(20);
    return ids.map((id) => arrived.get(id));
  },
});
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => void sandbox.stop().then(() => process.exit(0)));
announceReady();

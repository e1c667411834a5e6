import { searchAll } from './consumers.js';
import type { Death } from './deaths.js';
import type { EventReader, ReadEvent } from './event-reader.js';
import type { Cast } from './lanes.js';
import type { Responder } from './responder.js';
import type { DeviceQueue, PhoneMessage, SandboxProgram } from './sandbox-program.js';
import type { ApiMessage, ServerApi } from './server-api.js';
import { readStored, type Stored } from './stored.js';
import type { Call, WebhookReceiver } from './webhook-receiver.js';

/** What everyone says about the same messages. */
export interface Truths {
  /** By phone digits, in the order of arrival. */
  phones: Map<string, PhoneMessage[]>;
  queues: DeviceQueue[];
  /** Over HTTP, by session id, oldest first. */
  sessions: Map<string, ApiMessage[]>;
  stored: Stored;
  /** Texts of approved messages, as the search finds them. */
  search: string[];
  /** What each reader of the event stream got, in its order. */
  readers: { name: string; events: ReadEvent[] }[];
  /** What the webhook receiver got, in its order. */
  calls: Call[] | undefined;
  /** When the server died, or could not record what it did (ms since 1970). */
  deaths: Pick<Death, 'at' | 'until'>[];
}

export interface Witnesses {
  cast: Cast;
  server: ServerApi;
  sandbox: SandboxProgram;
  readers: EventReader[];
  receiver: WebhookReceiver;
  isCalled: boolean;
  responder: Responder;
  deaths: Death[];
  database: { file: string } | { url: string };
}

/** Asks everyone. */
export async function gatherTruths(witnesses: Witnesses): Promise<Truths> {
  const { cast, server, sandbox, readers, receiver, isCalled, deaths, database } = witnesses;
  const phones = new Map<string, PhoneMessage[]>();
  for (const phone of [...cast.sessions.keys(), ...cast.contacts]) {
    phones.set(phone, await sandbox.messagesOf(phone));
  }
  const sessions = new Map<string, ApiMessage[]>();
  for (const id of cast.sessions.values()) sessions.set(id, await server.messagesOf(id));
  const stored = await readStored(database);
  return {
    phones,
    queues: await sandbox.queues(),
    sessions,
    stored,
    search: await searchAll(server),
    readers: readers.map(({ name, events }) => ({ name, events: [...events] })),
    calls: isCalled ? [...receiver.calls] : undefined,
    deaths: [...deaths],
  };
}

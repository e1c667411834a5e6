import type { Cast } from './lanes.js';
import type { DeviceQueue, PhoneMessage, SandboxProgram } from './sandbox-program.js';
import type { ApiMessage, ServerProgram } from './server-program.js';
import { readStored, type Stored } from './stored.js';
import type { ReadEvent } from './stream-reader.js';
import type { Call } from './webhook-receiver.js';

/** What everyone says about the same messages. */
export interface Truths {
  /** By phone digits, in the order of arrival. */
  phones: Map<string, PhoneMessage[]>;
  queues: DeviceQueue[];
  /** Over HTTP, by session id, oldest first. */
  sessions: Map<string, ApiMessage[]>;
  stored: Stored;
  /** What the reader of the stream got, in its order. */
  read: ReadEvent[];
  /** What the webhook receiver got, in its order; undefined while there is no webhook. */
  calls: Call[] | undefined;
}

export interface Witnesses {
  cast: Cast;
  server: ServerProgram;
  sandbox: SandboxProgram;
  reader: { events: ReadEvent[] };
  receiver: { calls: Call[] } | undefined;
  database: { file: string } | { url: string };
}

/** Asks everyone. */
export async function gatherTruths(witnesses: Witnesses): Promise<Truths> {
  const { cast, server, sandbox, reader, receiver, database } = witnesses;
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
    read: [...reader.events],
    calls: receiver && [...receiver.calls],
  };
}

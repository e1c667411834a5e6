import type { Libsignal, QueueJob } from './libsignal.js';

/**
 * libsignal's queue of jobs per contact, kept apart per account.
 *
 * Mends: libsignal `src/queue_job.js`, one queue per contact address for the whole process, so that
 * two accounts which talk with the same contact wait for each other's key store, and a store that
 * hangs in one stops the other. Here every storage (baileys makes one per socket,
 * `lib/Signal/libsignal.js`) has queues of its own; they vanish with it.
 */
type Queues = Map<string, Promise<unknown>>;

const queuesOf = new WeakMap<object, Queues>();
const withoutStorage: Queues = new Map();

/** Whose job it is: set while libsignal calls the queue, which it does before its first await. */
let storage: object | undefined;

function queues(): Queues {
  if (!storage) return withoutStorage;
  let own = queuesOf.get(storage);
  if (!own) {
    own = new Map();
    queuesOf.set(storage, own);
  }
  return own;
}

function onBehalfOf<T>(owner: object, work: () => T): T {
  const before = storage;
  storage = owner;
  try {
    return work();
  } finally {
    storage = before;
  }
}

export const queueJob: QueueJob = (bucket, job) => {
  const own = queues();
  const result = (own.get(bucket) ?? Promise.resolve()).then(job);
  const tail: Promise<unknown> = result
    .catch(() => undefined)
    .then(() => {
      if (own.get(bucket) === tail) own.delete(bucket);
    });
  own.set(bucket, tail);
  return result;
};

/** Makes libsignal's two users of the queue say whose job it is. */
export function keyJobsByStorage({ SessionCipher, SessionBuilder }: Libsignal): void {
  SessionCipher.prototype.queueJob = function (job) {
    return onBehalfOf(this.storage, () => queueJob(this.addr.toString(), job));
  };
  const { initOutgoing } = SessionBuilder.prototype;
  SessionBuilder.prototype.initOutgoing = function (device) {
    return onBehalfOf(this.storage, () => initOutgoing.call(this, device));
  };
}

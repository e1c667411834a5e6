import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

/** The functions of `libsignal/src/curve.js`. Public keys are 33 bytes: 0x05 and the key. */
export interface LibsignalCurve {
  generateKeyPair(): { pubKey: Buffer; privKey: Buffer };
  getPublicFromPrivateKey(privKey: Uint8Array): Buffer;
  calculateAgreement(pubKey: Uint8Array, privKey: Uint8Array): Buffer;
  calculateSignature(privKey: Uint8Array, message: Uint8Array): Buffer;
  verifySignature(
    pubKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    isInit?: boolean,
  ): boolean;
}

/** Runs a job when all earlier jobs of the same bucket have ended. */
export type QueueJob = <T>(bucket: string, job: () => Promise<T>) => Promise<T>;

/** What we need to know of libsignal's SessionCipher and SessionBuilder. */
export interface SignalWorker {
  addr: { toString(): string };
  storage: object;
}

/** A session of a contact (`src/session_record.js`, SessionEntry), as far as we touch it. */
export interface SignalSession {
  serialize(): unknown;
  pendingPreKey?: unknown;
}

interface SessionCipherWork {
  queueJob<T>(job: () => Promise<T>): Promise<T>;
  decryptWithSessions(
    message: Uint8Array,
    sessions: SignalSession[],
  ): Promise<{ session: SignalSession; plaintext: Buffer }>;
}

export interface Libsignal {
  SessionCipher: { prototype: SessionCipherWork & SignalWorker };
  SessionBuilder: { prototype: { initOutgoing(device: unknown): Promise<void> } & SignalWorker };
  SessionRecord: {
    new (): { closeSession(session: unknown): void; openSession(session: unknown): void };
    createEntry(): { indexInfo: { closed: number } };
  };
}

/** Resolves modules as baileys does, so that it is its very copy of libsignal that is mended. */
const requireFromBaileys = createRequire(createRequire(import.meta.url).resolve('baileys'));
const directory = dirname(requireFromBaileys.resolve('libsignal/index.js'));

type Compile = (content: string, filename: string, ...rest: unknown[]) => unknown;

/**
 * Loads libsignal with a console of its own that says nothing; the application's stays untouched.
 *
 * Mends: libsignal `src/session_record.js` (`closeSession`, `openSession`, `removeOldSessions`
 * print whole session entries, private ratchet keys included), and the chatter of
 * `src/session_cipher.js`, `session_builder.js` and `curve.js`.
 *
 * The silent console is appended as a `var`, which shadows the global one without taking the
 * file's `'use strict'` off its first line.
 */
function quietly<T>(load: () => T): T {
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  prototype._compile = function (content, filename, ...rest) {
    const ours = filename.startsWith(directory + sep);
    const source = ours ? `${content}\n;var console = ${silentConsole};` : content;
    return compile.call(this, source, filename, ...rest);
  };
  try {
    return load();
  } finally {
    prototype._compile = compile;
  }
}
const silentConsole =
  'Object.fromEntries(Object.keys(globalThis.console).map((name) => [name, () => {}]))';

/** Set once per process: a second copy of this package finds libsignal mended and leaves it so. */
const marker = Symbol.for('patchbay.hardening.libsignal');

/**
 * Loads libsignal and replaces parts of it before anyone else sees it: ES modules take a snapshot
 * of a CommonJS module's exports when they first import it.
 * @returns false when another copy of this package has done it before
 * @throws when libsignal was loaded before
 */
export function mendLibsignal(mend: {
  curve(original: LibsignalCurve): LibsignalCurve;
  queueJob: QueueJob;
  classes(libsignal: Libsignal): void;
}): boolean {
  const process_ = globalThis as { [marker]?: true };
  if (process_[marker]) return false;
  const cipherPath = requireFromBaileys.resolve('libsignal/src/session_cipher.js');
  if (requireFromBaileys.cache[cipherPath]) {
    throw new Error('Import @patchbay/hardening before baileys: libsignal is already loaded');
  }
  quietly(() => {
    const curve = requireFromBaileys('libsignal/src/curve.js') as LibsignalCurve;
    Object.assign(curve, mend.curve({ ...curve }));
    requireFromBaileys('libsignal/src/queue_job.js');
    const queue =
      requireFromBaileys.cache[requireFromBaileys.resolve('libsignal/src/queue_job.js')];
    if (queue) queue.exports = mend.queueJob;
    mend.classes(libsignal());
  });
  process_[marker] = true;
  return true;
}

/** libsignal as baileys uses it. */
export function libsignal(): Libsignal {
  return requireFromBaileys('libsignal') as Libsignal;
}

/** `libsignal/src/curve.js` as baileys uses it. */
export function libsignalCurve(): LibsignalCurve {
  return requireFromBaileys('libsignal/src/curve.js') as LibsignalCurve;
}

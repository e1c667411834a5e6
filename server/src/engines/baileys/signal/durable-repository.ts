import { AsyncResource } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { isSwitchedOff } from '../../../unsafe.js';
import type { OpenedCiphertext, StanzaJournal } from '../../engine.js';
import type { SignalRepositoryWithLIDStore } from '../baileys.js';
import type { KeyStore } from './key-store.js';

/**
 * Baileys' Signal repository, made durable. Three things are different:
 *
 * - A step of a sending ratchet is stored before the ciphertext is given out. rc14 stores it after the
 *   stanza has left (`lib/Socket/messages-send.js`, relayMessage: one transaction around all of it);
 *   after a death in between, the next message would reuse the key and could not be read.
 * - A ciphertext that was opened before, whose key is therefore used up, is answered from the journal.
 * - Steps of one session follow each other. rc14 locks sending by our own name and receiving by the
 *   other's, so that one of two simultaneous steps of a ratchet would be lost.
 */
export function durableRepository(
  original: SignalRepositoryWithLIDStore,
  keys: KeyStore,
  journal: StanzaJournal,
  onOpened: (digest: string) => void,
): SignalRepositoryWithLIDStore {
  const inTurn = turns();
  // Steps of its own must not end in the transaction of whoever called, which commits much later.
  const outside = new AsyncResource('patchbay.signal');
  const step = <T>(work: () => Promise<T>, opened?: (result: T) => OpenedCiphertext) =>
    inTurn(() => outside.runInAsyncScope(() => keys.step(work, opened)));
  const durably = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isSwitchedOff('sending-ratchet-first')) return work();
    const { result, durable } = await step(work);
    await durable;
    return result;
  };
  /** The step may still be on its way to the store: whoever acknowledges the message waits for it. */
  const opening = async (ciphertext: Uint8Array, open: () => Promise<Uint8Array>) => {
    const digest = createHash('sha256').update(ciphertext).digest('base64url');
    const journaled = !isSwitchedOff('stanza-journal');
    try {
      const said = (plaintext: Uint8Array) => ({ digest, plaintext });
      const { result } = await step(open, journaled ? said : undefined);
      onOpened(digest);
      return result;
    } catch (error) {
      const known = journaled ? await journal.plaintext(digest) : undefined;
      if (!known) throw error;
      return known;
    }
  };

  return {
    ...original,
    decryptMessage: (options) =>
      opening(options.ciphertext, () => original.decryptMessage(options)),
    decryptGroupMessage: (options) =>
      opening(options.msg, () => original.decryptGroupMessage(options)),
    processSenderKeyDistributionMessage: (options) =>
      durably(() => original.processSenderKeyDistributionMessage(options)),
    encryptMessage: (options) => durably(() => original.encryptMessage(options)),
    encryptGroupMessage: (options) => durably(() => original.encryptGroupMessage(options)),
    getSenderKeyDistributionMessage: (options) =>
      durably(() => original.getSenderKeyDistributionMessage(options)),
    injectE2ESession: (options) => durably(() => original.injectE2ESession(options)),
    migrateSession: (from, to) => durably(() => original.migrateSession(from, to)),
    deleteSession: (jids) => durably(() => original.deleteSession(jids)),
  };
}

/** Runs work one after another. */
function turns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

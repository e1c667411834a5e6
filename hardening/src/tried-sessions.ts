import type { Libsignal, SignalSession } from './libsignal.js';

/**
 * A session that did not open a message stays as it was.
 *
 * Mends: libsignal `src/session_cipher.js`, where a message of a contact with several sessions is tried
 * with one after another (decryptWithSessions), and each steps its ratchet before the MAC is checked
 * (doDecryptWhisperMessage). When the second opens the message, the first is stored with steps that
 * its other end never took, and can read nothing any more. Here copies are tried, and the one that
 * opened the message takes the place of its original.
 */
export function tryCopiesOfSessions({ SessionCipher, SessionRecord }: Libsignal): void {
  const Session = SessionRecord.createEntry().constructor as unknown as {
    deserialize(data: unknown): SignalSession;
  };
  const { decryptWithSessions } = SessionCipher.prototype;
  SessionCipher.prototype.decryptWithSessions = async function (message, sessions) {
    if (sessions.length < 2) return decryptWithSessions.call(this, message, sessions);
    const copies = sessions.map((session) => Session.deserialize(session.serialize()));
    const { session: copy, plaintext } = await decryptWithSessions.call(this, message, copies);
    const session = sessions[copies.indexOf(copy)] as SignalSession;
    // What opening a message takes away is absent from the copy.
    delete session.pendingPreKey;
    return { session: Object.assign(session, copy), plaintext };
  };
}

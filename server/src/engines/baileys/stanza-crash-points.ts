import { crashPoint, isArmed } from '../../crash-point.js';
import type { WASocket } from './baileys.js';
import { rawSocket } from './close-socket.js';

/**
 * Crash points around an outgoing message on the wire, after its encryption is stored: before it is
 * written, and when it has been written but nobody knows yet. rc14 gives no hook there, so that the
 * socket is wrapped; only where a crash was asked for.
 */
export function crashAroundStanzas(sock: WASocket): void {
  const raw = rawSocket(sock);
  if (!raw || !(isArmed('before-stanza') || isArmed('after-stanza'))) return;
  const { signalRepository } = sock;
  const { encryptMessage, encryptGroupMessage } = signalRepository;
  // What is written next is the message, or a question on the way to it.
  let encrypted = false;
  signalRepository.encryptMessage = async (options) => {
    const ciphertext = await encryptMessage(options);
    encrypted = true;
    return ciphertext;
  };
  signalRepository.encryptGroupMessage = async (options) => {
    const ciphertext = await encryptGroupMessage(options);
    encrypted = true;
    return ciphertext;
  };
  const send = raw.send.bind(raw) as (data: unknown, written: (error?: Error) => void) => void;
  raw.send = ((data: unknown, written?: (error?: Error) => void) => {
    const isMessage = encrypted;
    encrypted = false;
    if (isMessage) crashPoint('before-stanza');
    send(data, (error) => {
      if (isMessage && !error) crashPoint('after-stanza');
      written?.(error);
    });
  }) as typeof raw.send;
}

import { crashPoint, isArmed } from '../../crash-point.js';
import type { SocketConfig, WASocket } from './baileys.js';
import { rawSocket } from './close-socket.js';

/**
 * Crash points around an outgoing message on the wire, after its encryption is stored: before it is
 * written, and when it has been written but nobody knows yet. rc14 gives no hook there, so that the
 * socket is wrapped; only where a crash was asked for.
 */
export function crashAroundStanzas(
  sock: WASocket,
  logger: SocketConfig['logger'] | undefined,
): void {
  const raw = rawSocket(sock);
  if (!raw || !logger || !(isArmed('before-stanza') || isArmed('after-stanza'))) return;
  // What is written next is a message: rc14 says so, and writes it before anything else can happen
  // (`lib/Socket/messages-send.js`, relayMessage).
  let isNext = false;
  const debug = logger.debug.bind(logger);
  logger.debug = (details: unknown, text?: string) => {
    if (text?.startsWith('sending message to ')) isNext = true;
    debug(details, text);
  };
  const send = raw.send.bind(raw) as (data: unknown, written: (error?: Error) => void) => void;
  raw.send = ((data: unknown, written?: (error?: Error) => void) => {
    const isMessage = isNext;
    isNext = false;
    if (isMessage) crashPoint('before-stanza');
    send(data, (error) => {
      if (isMessage && !error) crashPoint('after-stanza');
      written?.(error);
    });
  }) as typeof raw.send;
}

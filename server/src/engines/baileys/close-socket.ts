import { setTimeout as delay } from 'node:timers/promises';
import { Boom } from '@hapi/boom';
import type { WebSocket } from 'ws';
import type { BaileysEventMap, WASocket } from './baileys.js';

/** Until a closing handshake, or the work on messages already read, is given up. */
const PATIENCE_MS = 500;

export type EventListener = (events: Partial<BaileysEventMap>) => void;

/** The websocket below rc14's client, which has no public way to pause or to cut it. */
export function rawSocket(sock: WASocket): WebSocket | null {
  return (sock.ws as unknown as { socket: WebSocket | null }).socket;
}

/**
 * Ends a socket and everything of rc14 that would outlive it:
 * - a peer that does not answer the closing handshake would hold `end()` for 30 s: it is cut;
 * - `end()` takes away the listeners that let questions fail, which would then wait for their
 *   timeout (`lib/Socket/socket.js`, waitForMessage): they fail at once;
 * - a message may still be on its way to the store: it is waited for.
 *
 * Safe when baileys has ended the socket by itself. `end()` throws away what is still buffered
 * (`lib/Utils/event-buffer.js`, destroy): flush before.
 */
export async function closeSocket(
  sock: WASocket,
  messages: { drained(): Promise<void> },
  listener: EventListener,
): Promise<void> {
  const raw = rawSocket(sock);
  const ended = sock.end(undefined);
  sock.ws.emit('error', new Boom('Connection Closed', { statusCode: 428 }));
  const cut = setTimeout(() => raw?.terminate(), PATIENCE_MS);
  await ended;
  if (raw && raw.readyState !== raw.CLOSED) {
    await new Promise((resolve) => raw.once('close', resolve));
  }
  clearTimeout(cut);
  raw?.removeAllListeners();
  raw?.on('error', () => {});

  const stop = sock.ev.process(listener);
  const patience = new AbortController();
  await Promise.race([
    messages.drained(),
    delay(PATIENCE_MS, undefined, { signal: patience.signal }),
  ]);
  patience.abort();
  sock.ev.flush();
  stop();
  sock.ev.destroy();
  sock.ws.removeAllListeners();
}

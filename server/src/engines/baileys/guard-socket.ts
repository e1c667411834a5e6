import type { WASocket } from './baileys.js';
import { rawSocket } from './close-socket.js';

type Written = (error?: Error) => void;

/**
 * Nothing leaves through a socket whose session another process may have by now, not even an answer
 * to what was read before: it is cut instead. rc14 writes every frame by the `send` of this object.
 */
export function guardSocket(sock: WASocket, isOurs: () => boolean): void {
  const raw = rawSocket(sock);
  if (!raw) return;
  const send = raw.send.bind(raw) as (data: unknown, written?: Written) => void;
  raw.send = ((data: unknown, written?: Written) => {
    if (isOurs()) return send(data, written);
    raw.terminate();
    written?.(new Error('Another process may have this session by now'));
  }) as typeof raw.send;
}

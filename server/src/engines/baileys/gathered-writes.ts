import type { Duplex } from 'node:stream';
import type { WASocket } from './baileys.js';
import { rawSocket } from './close-socket.js';

const gathering = new WeakSet<Duplex>();

/**
 * What is written to WhatsApp from now on until this turn ends leaves in one piece: many receipts are
 * due at once, when the commit that they waited for is through, and each call of the system costs more
 * than a receipt. Who awaits a write is told when it has really left.
 */
export function gatherWrites(sock: WASocket): void {
  // ws has no public way to its connection when it is the client.
  const line = (rawSocket(sock) as unknown as { _socket?: Duplex } | null)?._socket;
  if (!line || gathering.has(line)) return;
  gathering.add(line);
  line.cork();
  process.nextTick(() => {
    gathering.delete(line);
    line.uncork();
  });
}

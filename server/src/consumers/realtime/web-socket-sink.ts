import type { Duplex } from 'node:stream';
import { CLOSE_CODES } from '@patchbay/contract';
import { WebSocket } from 'ws';
import type { EndCause } from './sink.js';
import { Sink } from './sink.js';

/** A reader that does not answer the closing handshake is cut off (ms). */
const CLOSE_WITHIN = 2000;

const CODES: Record<EndCause, number> = {
  'too-slow': CLOSE_CODES.tooSlow,
  stopping: CLOSE_CODES.stopping,
  fault: CLOSE_CODES.fault,
  unauthorized: CLOSE_CODES.unauthorized,
};

export class WebSocketSink extends Sink {
  private isGathering = false;

  /** @param connection what the WebSocket writes to */
  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Duplex,
  ) {
    super();
    socket.on('close', () => this.gone());
  }

  override get closed(): boolean {
    return this.socket.readyState !== WebSocket.OPEN;
  }

  override end(cause: EndCause, position?: number): void {
    const resume = position === undefined ? '' : `; resume after ${position}`;
    this.socket.close(CODES[cause], `${cause}${resume}`);
    setTimeout(() => this.socket.terminate(), CLOSE_WITHIN).unref();
  }

  protected override write(text: string, done: () => void): void {
    this.gather();
    this.socket.send(text, done);
  }

  /** The frames of one turn of the event loop go to the network in one piece. */
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    this.connection.cork();
    setImmediate(() => {
      this.isGathering = false;
      this.connection.uncork();
    });
  }
}

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
};

export class WebSocketSink extends Sink {
  constructor(private readonly socket: WebSocket) {
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
    this.socket.send(text, done);
  }
}

import type { ServerResponse } from 'node:http';
import type { Phones, PhonesEvent } from '../phone/phones.js';

const HEARTBEAT_MS = 20_000;

/**
 * What happens on the phones, as Server-Sent Events (`data` is JSON) until the reader goes away. A page
 * that was away reads the state anew: nothing is kept for it here.
 */
export class EventStreams {
  private readonly responses = new Set<ServerResponse>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly unsubscribe: () => void;

  constructor(phones: Phones) {
    this.unsubscribe = phones.subscribe((event) => this.broadcast(event));
    this.heartbeat = setInterval(() => this.write(':\n\n'), HEARTBEAT_MS).unref();
  }

  add(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    response.write('retry: 1000\n\n');
    this.responses.add(response);
    response.on('close', () => this.responses.delete(response));
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.unsubscribe();
    for (const response of this.responses) response.end();
  }

  private broadcast(event: PhonesEvent): void {
    if (this.responses.size > 0) this.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  private write(text: string): void {
    for (const response of this.responses) response.write(text);
  }
}

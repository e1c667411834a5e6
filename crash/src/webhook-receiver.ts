import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call that the receiver took in, whether or not its answer arrived. */
export interface Call {
  eventId: string;
  body: string;
  /** When it was answered (ms since 1970). */
  at: number;
  signed: boolean;
}

/** What the receiver is like just now. */
export type Mood = 'well' | 'failing' | 'silent';

const SECRET = 'secret-of-the-crash-harness';

/** A program that is called by a webhook, sometimes out of order. */
export class WebhookReceiver {
  readonly calls: Call[] = [];
  /** Calls that were turned away or never answered. */
  turnedAway = 0;
  mood: Mood = 'well';

  private constructor(private readonly http: Server) {}

  static async open(): Promise<WebhookReceiver> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
    const receiver = new WebhookReceiver(http);
    http.on('request', (request, response) => void receiver.take(request, response));
    return receiver;
  }

  /** Body of the request that has this receiver called for every event. */
  get registration(): object {
    const { port } = this.http.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/`, secret: SECRET, history: true };
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The caller may die in the middle of its call.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (this.mood !== 'well') {
      this.turnedAway += 1;
      if (this.mood === 'failing') response.writeHead(503).end();
      else request.socket.destroy();
      return;
    }
    const eventId = String(request.headers['x-patchbay-event-id']);
    const signed = isSigned(body, String(request.headers['x-patchbay-signature']), SECRET);
    this.calls.push({ eventId, body, at: Date.now(), signed });
    response.writeHead(200).end();
  }
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<unix seconds>.<body>`. */
export function isSigned(body: string, signature: string, secret: string): boolean {
  const [, seconds, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  const made = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return given === made && Math.abs(Date.now() / 1000 - Number(seconds)) < 60;
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEvent } from '@patchbay/contract';
import type { Clock } from '../../../clock.js';
import { systemClock } from '../../../clock.js';

export interface ReceivedCall {
  eventId: string;
  attempt: number;
  body: string;
  event: LogEvent;
  headers: IncomingHttpHeaders;
  /** What was answered. */
  status: number;
  /** By the receiver's clock. */
  at: number;
}

/** A program of somebody else: takes calls, checks what is documented, and can have a bad day. */
export class WebhookReceiver {
  readonly calls: ReceivedCall[] = [];
  /** Faults of the calls themselves: a missing or wrong signature. */
  readonly faults: string[] = [];
  /** How many calls wait for their answer. */
  waiting = 0;
  /** What a call is answered with: a status, or a status and a text. */
  answer: (call: Omit<ReceivedCall, 'status'>) => number | [number, string] | Promise<number> =
    () => 200;
  secret = '';
  private port = 0;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      this.waiting += 1;
      response.on('close', () => {
        this.waiting -= 1;
      });
      const [status, text] = await this.take(Buffer.concat(chunks).toString(), request.headers);
      response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    });
  });

  private constructor(private readonly clock: Clock) {}

  static async start(clock: Clock = systemClock): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(clock);
    await receiver.comeUp();
    receiver.port = (receiver.server.address() as AddressInfo).port;
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The calls that were answered with success. */
  get taken(): ReceivedCall[] {
    return this.calls.filter(({ status }) => status >= 200 && status < 300);
  }

  /** Nobody listens any more; who calls is refused. */
  async goDown(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** Listens again where it did. */
  async comeUp(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.goDown();
  }

  private async take(body: string, headers: IncomingHttpHeaders): Promise<[number, string]> {
    this.checkSignature(body, String(headers['x-patchbay-signature'] ?? ''));
    const call = {
      eventId: String(headers['x-patchbay-event-id']),
      attempt: Number(headers['x-patchbay-attempt']),
      body,
      event: JSON.parse(body) as LogEvent,
      headers,
      at: this.clock.now(),
    };
    if (call.event.id !== call.eventId) this.faults.push(`another id in header and body: ${body}`);
    const answer = await this.answer(call);
    const [status, text] = Array.isArray(answer) ? answer : [answer, 'thank you'];
    this.calls.push({ ...call, status });
    return [status, text];
  }

  private checkSignature(body: string, header: string): void {
    const [, seconds, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
    const signed = createHmac('sha256', this.secret).update(`${seconds}.${body}`).digest();
    if (!given || !timingSafeEqual(signed, Buffer.from(given, 'hex'))) {
      this.faults.push(`wrong signature: ${header}`);
    } else if (Math.abs(Number(seconds) * 1000 - this.clock.now()) > 60_000) {
      this.faults.push(`signed at another time: ${header}`);
    }
  }
}

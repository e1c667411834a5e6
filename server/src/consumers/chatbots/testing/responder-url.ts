import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ResponderCall } from '@patchbay/contract';

/** A user's own program that answers for a chatbot; it checks what is documented. */
export class ResponderUrl {
  readonly calls: ResponderCall[] = [];
  readonly faults: string[] = [];
  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const [, time, mark] =
      /^t=(\d+),v1=(\w+)$/.exec(String(request.headers['x-patchbay-signature'])) ?? [];
    const right = createHmac('sha256', this.secret).update(`${time}.${body}`).digest('hex');
    if (mark !== right) this.faults.push('a wrong signature');
    const call = ResponderCall.parse(JSON.parse(body));
    this.calls.push(call);
    const question = call.messages.at(-1)?.content;
    if (question === 'nothing') response.writeHead(204).end();
    else if (question === 'json') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ reply: 'json it is' }));
    } else {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(`${question} it is`);
    }
  });

  private constructor(private readonly secret: string) {}

  static async start(secret: string): Promise<ResponderUrl> {
    const url = new ResponderUrl(secret);
    await new Promise<void>((resolve) => url.server.listen(0, '127.0.0.1', resolve));
    return url;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/answer`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

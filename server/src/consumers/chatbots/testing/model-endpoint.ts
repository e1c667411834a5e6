import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ModelCall {
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    stream: boolean;
    messages: { role: string; content: string }[];
  };
}

/** What is answered: a text, or a status with the text of its error. */
type ModelAnswer = string | { status: number; message: string };

/** An endpoint as the chat-completions API is published: whole answers, streams and errors. */
export class ModelEndpoint {
  readonly calls: ModelCall[] = [];
  /** Told what the contact said last. */
  answer: (question: string) => ModelAnswer | Promise<ModelAnswer> = (question) =>
    `answer to: ${question}`;
  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ModelCall['body'];
    this.calls.push({ path: request.url ?? '', headers: request.headers, body });
    const said = await this.answer(body.messages.at(-1)?.content ?? '');
    if (typeof said !== 'string') {
      const error = { error: { message: said.message, type: 'server_error' } };
      response.writeHead(said.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(error));
      return;
    }
    const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 };
    if (!body.stream) {
      const choices = [{ index: 0, message: { role: 'assistant', content: said } }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices, usage }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const piece = (more: object) =>
      response.write(
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...more })}\n\n`,
      );
    for (const word of said.split(' ')) {
      piece({ choices: [{ index: 0, delta: { content: `${word} ` } }] });
    }
    piece({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  });

  static async start(): Promise<ModelEndpoint> {
    const endpoint = new ModelEndpoint();
    await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Lets the process end without it. */
  unref(): void {
    this.server.unref();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

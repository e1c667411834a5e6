import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isSigned, type Mood } from './webhook-receiver.js';

const ANSWER = 'answer: ';

/** The program that answers for the chatbot: its answers name the questions that they are for. */
export class Responder {
  mood: Mood = 'well';
  /** Of the chatbot; it signs what comes. */
  secret = '';
  /** Calls that bore no right signature. */
  unsigned = 0;

  private constructor(private readonly http: Server) {}

  static async open(): Promise<Responder> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
    const responder = new Responder(http);
    http.on('request', (request, response) => void responder.take(request, response));
    return responder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The caller may die in the middle of its call.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (this.mood === 'failing') return void response.writeHead(503).end();
    if (this.mood === 'silent') return void request.socket.destroy();
    const signature = String(request.headers['x-patchbay-signature']);
    if (!isSigned(body, signature, this.secret)) this.unsigned += 1;
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(ANSWER + messages.map(({ content }) => content).join(', '));
  }
}

/** The questions that an answer is for; none when it is no answer. */
export function questionsOf(answer: string): string[] {
  return answer.startsWith(ANSWER) ? answer.slice(ANSWER.length).split(', ') : [];
}

export function isAnswerTo(answer: string, question: string): boolean {
  return questionsOf(answer).includes(question);
}

import type { Message, Session, SessionAnswer } from '@patchbay/contract';
import { plant, plantAll } from './captured-logs.js';
import { eventually } from './eventually.js';
import type { TestSandbox } from './test-sandbox.js';

export const API_KEY = 'a-key-for-the-tests';
plant(API_KEY);

export interface Answer<Body = unknown> {
  status: number;
  body: Body;
  headers: Headers;
}

/** The HTTP API of a server under test, with the steps that many tests take. */
export abstract class TestApi {
  abstract get url(): string;

  async call<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'x-api-key': API_KEY },
  ): Promise<Answer<Body>> {
    plantAll(body);
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json');
    const said = (json ? JSON.parse(text) : text) as Body;
    if (method !== 'GET') plantAll(said);
    return { status: answer.status, body: said, headers: answer.headers };
  }

  async session(id: string): Promise<Session> {
    return (await this.call<Session>('GET', `/api/sessions/${id}`)).body;
  }

  /** Resolves with the session when it has this status (and reason). */
  async reaches(id: string, status: string, reason?: string, within?: number): Promise<Session> {
    let seen = '';
    return await eventually(
      `session ${id} is ${status} ${reason ?? ''}`,
      async () => {
        const session = await this.session(id);
        seen = `${session.state?.status} ${session.state?.reason}`;
        const fits =
          session.state?.status === status && (!reason || session.state.reason === reason);
        return fits ? session : undefined;
      },
      within,
    ).catch((error) => {
      throw new Error(`${error.message} (last seen: ${seen})`);
    });
  }

  /** A session linked to a phone by scanning its QR, its first history received. */
  async linked(sandbox: TestSandbox, id: string, phone: string): Promise<Session> {
    const { body } = await this.call<SessionAnswer>('PUT', `/api/sessions/${id}`);
    const qr = body.qr?.code ?? (await this.qrOf(id));
    await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr });
    const session = await this.reaches(id, 'connected');
    await sandbox.call('POST', '/api/settle', { timeoutMs: 60_000 });
    return session;
  }

  async qrOf(id: string): Promise<string> {
    return await eventually(`a QR of ${id}`, async () => {
      const { status, body } = await this.call<{ code: string }>('GET', `/api/sessions/${id}/qr`);
      return status === 200 ? body.code : undefined;
    });
  }

  async send(id: string, chatId: string, text: string): Promise<string> {
    const path = `/api/sessions/${id}/send/text`;
    const { status, body } = await this.call<{ messageId: string }>('POST', path, { chatId, text });
    if (status !== 202) throw new Error(`send: ${status} ${JSON.stringify(body)}`);
    return body.messageId;
  }

  /** Resolves with a message of the session when it is there and fits. */
  async message(
    id: string,
    messageId: string,
    fits: (message: Message) => boolean = () => true,
    within?: number,
  ): Promise<Message> {
    const path = `/api/sessions/${id}/messages/${messageId}`;
    const look = async () => {
      const { status, body } = await this.call<Message>('GET', path);
      return status === 200 && fits(body) ? body : undefined;
    };
    return await eventually(`message ${messageId} of ${id}`, look, within);
  }
}

/** The API of a server in another process. */
export class RemoteApi extends TestApi {
  constructor(override readonly url: string) {
    super();
  }
}

import { type Answer, mustAnswer, request } from './http.js';
import { until } from './until.js';

export const API_KEY = 'key-of-the-crash-harness';

/** A message as the HTTP API shows it. */
export interface ApiMessage {
  id: string;
  chatId: string;
  content: string;
  fromMe: boolean;
  type: string;
  status: string;
}

export interface SendAnswer {
  messageId?: string;
  error?: { code?: string; message?: string };
}

/** The product as programs see it: over HTTP, at whatever process answers. */
export abstract class ServerApi {
  readonly headers = { 'x-api-key': API_KEY };

  /** Of a running process; of the last one while there is none. */
  abstract get url(): string;

  /** Of the process that starts browsers; undefined: none does. */
  abstract get pid(): number | undefined;

  /** Creates a session and lets a phone scan its QR. */
  async link(id: string, phone: string, engine: 'baileys' | 'wwebjs' = 'baileys'): Promise<void> {
    await this.call('PUT', `/api/sessions/${id}`, { engine });
    await until(
      `${id} is linked`,
      async () => {
        const body = { sessionId: id, phone };
        const path = `${this.url}/api/sandbox/scan`;
        const { status } = await request('POST', path, { headers: this.headers, body });
        return status === 200 ? true : undefined;
      },
      120_000,
      200,
    );
  }

  /** Ids of the sessions that are connected now. */
  async connected(): Promise<string[]> {
    type Sessions = { sessions: { id: string; state: { status: string } }[] };
    const { sessions } = await this.call<Sessions>('GET', '/api/sessions');
    return sessions.filter(({ state }) => state.status === 'connected').map(({ id }) => id);
  }

  /** Asks to send a text. Rejects when it is not known whether it was accepted. */
  send(id: string, chatId: string, text: string, key: string): Promise<Answer<SendAnswer>> {
    return request<SendAnswer>('POST', `${this.url}/api/sessions/${id}/send/text`, {
      headers: { ...this.headers, 'idempotency-key': key },
      body: { chatId, text },
    });
  }

  /** All messages of a session, oldest first. */
  async messagesOf(id: string): Promise<ApiMessage[]> {
    const found: ApiMessage[] = [];
    let before: string | null = '';
    do {
      const query: string = before ? `&before=${encodeURIComponent(before)}` : '';
      type Page = { messages: ApiMessage[]; before: string | null };
      const path = `/api/sessions/${id}/messages?limit=200${query}`;
      const page: Page = await this.call<Page>('GET', path);
      found.unshift(...page.messages);
      before = page.before;
    } while (before);
    return found;
  }

  call<Body>(method: string, path: string, body?: object): Promise<Body> {
    return mustAnswer<Body>(method, this.url + path, {
      headers: this.headers,
      ...(body && { body }),
    });
  }
}

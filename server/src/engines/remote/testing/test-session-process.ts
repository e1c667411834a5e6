import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A PNG of one point, in place of a QR. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const AGAIN_AFTER = 50;

type Status = 'DISCONNECTED' | 'CONNECTING' | 'QR_READY' | 'CONNECTED';

interface There {
  status: Status;
  /** Linked, whether connected or not. */
  phone: string | null;
}

export interface SentThere {
  sessionId: string;
  to: string;
  message: string;
}

/** Something that it tells until it is taken. */
export interface Notice {
  path: '/webhook' | '/incoming';
  body: object;
  /** What it was answered, one after another; 0: nothing. */
  answers: number[];
}

/**
 * Plays a session process of somebody else's, by what docs/chatbots.md says. What it has been asked to
 * send and what it has to tell outlive its death, as a disk would keep them.
 */
export class TestSessionProcess {
  readonly secret = 'secret-of-the-session-process';
  readonly sessions = new Map<string, There>();
  readonly sent: SentThere[] = [];
  readonly notices: Notice[] = [];
  /** Requests that did not bear the secret. */
  readonly strangers: string[] = [];
  /** What `/send` answers; undefined: it is done. */
  refusing: { status: number; message: string } | undefined;
  /** How often it refused. */
  refusals = 0;
  /** Resolves before `/send` is answered, after it was done. */
  beforeAnswer: () => Promise<unknown> = async () => undefined;
  /** Where it tells, up to before `/webhook`. */
  backend = '';
  private port = 0;
  private http: Server | undefined;
  private telling: Promise<void> | undefined;

  static async start(): Promise<TestSessionProcess> {
    const process = new TestSessionProcess();
    await process.start();
    return process;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The variables by which a server uses it. */
  get environment() {
    return { WHATSAPP_QR_SERVICE_URL: this.url, WHATSAPP_QR_SERVICE_SECRET: this.secret };
  }

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      // The caller may die in the middle of its call.
      this.take(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => http.listen(this.port, '127.0.0.1', resolve));
    this.port = (http.address() as AddressInfo).port;
    this.http = http;
    this.tellAll();
  }

  /** From one moment to the next: its connections break, and nobody listens. */
  async kill(): Promise<void> {
    const { http, telling } = this;
    this.http = undefined;
    http?.closeAllConnections();
    await new Promise((resolve) => (http ? http.close(resolve) : resolve(undefined)));
    await telling;
  }

  /** A phone scans the QR of a session. */
  scan(sessionId: string, phone: string): Notice {
    this.sessions.set(sessionId, { status: 'CONNECTED', phone });
    return this.tell('/webhook', { sessionId, status: 'CONNECTED', phone });
  }

  /** The session is something else from now on. */
  becomes(sessionId: string, status: Status, told = true): Notice | undefined {
    const phone = status === 'QR_READY' ? null : (this.sessions.get(sessionId)?.phone ?? null);
    this.sessions.set(sessionId, { status, phone });
    return told ? this.tell('/webhook', { sessionId, status, phone }) : undefined;
  }

  /** Somebody writes to the session's number. */
  hears(sessionId: string, from: string, message: string, more: object = {}): Notice {
    const messageId = `THERE${String(this.notices.length).padStart(6, '0')}`;
    const timestamp = Math.floor(Date.now() / 1000);
    return this.tell('/incoming', { sessionId, messageId, from, message, timestamp, ...more });
  }

  tell(path: Notice['path'], body: object): Notice {
    const notice: Notice = { path, body, answers: [] };
    this.notices.push(notice);
    this.tellAll();
    return notice;
  }

  /** What was sent to somebody, in order. */
  sentTo(to: string): string[] {
    return this.sent.filter((one) => one.to === to).map(({ message }) => message);
  }

  private tellAll(): void {
    this.telling ??= this.tellInOrder().finally(() => {
      this.telling = undefined;
    });
  }

  private async tellInOrder(): Promise<void> {
    for (;;) {
      const due = this.notices.find(
        ({ answers }) => !answers.some((status) => status < 300 && status),
      );
      if (!due || !this.http) return;
      const status = await fetch(`${this.backend}${due.path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.secret}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(due.body),
      }).then(
        (answer) => answer.status,
        () => 0,
      );
      due.answers.push(status);
      if (status === 0 || status >= 300) await new Promise((next) => setTimeout(next, AGAIN_AFTER));
    }
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '', headers } = request;
    const body = JSON.parse((await text(request)) || '{}') as Record<string, string>;
    const answer = (status: number, said: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
    };
    if (headers.authorization !== `Bearer ${this.secret}`) {
      this.strangers.push(`${method} ${url}`);
      return answer(401, { message: 'no secret' });
    }
    const [, path = '', inPath = ''] = url.split('/');
    const sessionId = body.sessionId ?? decodeURIComponent(inPath);
    if (path === 'init') return answer(200, this.standing(sessionId, this.begin(sessionId)));
    const there = this.sessions.get(sessionId);
    if (!there) return answer(404, { message: `no session ${sessionId}` });
    if (path === 'status') return answer(200, this.standing(sessionId, there));
    if (path === 'qr-code') {
      const qrCode = there.status === 'QR_READY' ? `data:image/png;base64,${PICTURE}` : null;
      return answer(200, { ...this.standing(sessionId, there), qrCode });
    }
    if (path === 'disconnect') {
      this.sessions.set(sessionId, {
        status: 'DISCONNECTED',
        phone: 'logout' in body ? null : there.phone,
      });
      return answer(200, { success: true });
    }
    if (there.status !== 'CONNECTED') return answer(409, { message: `it is ${there.status}` });
    const { refusing } = this;
    if (refusing) {
      this.refusals += 1;
      return answer(refusing.status, { message: refusing.message });
    }
    this.sent.push({ sessionId, to: body.to ?? '', message: body.message ?? '' });
    await this.beforeAnswer();
    answer(200, { success: true, messageId: `SENT${this.sent.length}` });
  }

  /** As it was, connected when it is linked. */
  private begin(sessionId: string): There {
    const phone = this.sessions.get(sessionId)?.phone ?? null;
    const there: There = { status: phone ? 'CONNECTED' : 'QR_READY', phone };
    this.sessions.set(sessionId, there);
    return there;
  }

  private standing(sessionId: string, { status, phone }: There) {
    return { success: true, sessionId, status, phone };
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { Child } from './child.js';
import { ConnectedSessions } from './connected-sessions.js';
import { EventReader } from './event-reader.js';
import type { Memory } from './measured.js';
import type { SandboxAddress } from './sandbox-process.js';

const MAIN = new URL('../../server/bundle/main.js', import.meta.url);
const API_KEY = 'benchmark-api-key';
const HEADERS = { 'X-Api-Key': API_KEY };

const CONNECTIONS = 100;
const QR_TRIES = 100;
const QR_PAUSE_MS = 200;

export interface ServerStart {
  storageRoot: string;
  /** Absent: it has no session to connect. */
  sandbox: SandboxAddress | undefined;
  /** PostgreSQL; absent: SQLite under `storageRoot`. */
  databaseUrl?: string | undefined;
  /** Which part of the product it is, when several processes are; absent: all of it. */
  role?: 'api' | 'worker';
}

/** A process of the server, once it listens. */
export async function startServerChild(start: ServerStart): Promise<{ child: Child; url: string }> {
  const { storageRoot, sandbox, databaseUrl, role } = start;
  let onReady: (url: string) => void = () => undefined;
  const ready = new Promise<string>((resolve) => {
    onReady = resolve;
  });
  let output = '';
  const child = new Child('the server', MAIN, {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      STORAGE_ROOT: storageRoot,
      API_KEY,
      LOG_LEVEL: 'error',
      // What is measured is the way of a message, not the product's caution.
      SEND_PER_MINUTE: '0',
      SEND_PER_DAY: '0',
      SEND_NEW_CHATS_PER_DAY: '0',
      SEND_JITTER_SECONDS: '0',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      ...(role && { ROLE: role }),
      ...(sandbox && {
        WA_WEB_SOCKET_URL: sandbox.wsUrl,
        WA_NOISE_ROOT_KEY: sandbox.rootPublicKey,
        WA_MEDIA_HOST: sandbox.mediaHost,
        WA_MEDIA_CA: sandbox.mediaCaFile,
        WA_WEB_PAGE_HOST: sandbox.webPage.host,
        WA_WEB_PAGE_SPKI: sandbox.webPage.spki,
        SANDBOX_URL: sandbox.controlUrl,
      }),
    },
    onOutput: (text) => {
      output = (output + text).slice(-10_000);
      const url = /listening on (http:\S+)/.exec(output)?.[1];
      if (url) onReady(url);
    },
  });
  const url = await Promise.race([ready, child.ended]);
  if (!url) throw new Error(`the server did not start:\n${output}`);
  return { child, url };
}

/** The whole server as users start it, or its API process, driven over HTTP. */
export class ServerProcess {
  /** When it said that it listens (ms, as `performance.now`). */
  readonly readyAt = performance.now();
  private readonly sessions: ConnectedSessions;
  private readonly http: Pool;

  private constructor(
    readonly child: Child,
    readonly url: string,
    after: number,
  ) {
    this.sessions = new ConnectedSessions(url, HEADERS, after);
    this.http = new Pool(url, { connections: CONNECTIONS });
  }

  /** @param after position in the event log where the former process ended */
  static async start(how: ServerStart, after = 0): Promise<ServerProcess> {
    const { child, url } = await startServerChild(how);
    return new ServerProcess(child, url, after);
  }

  /** Milliseconds from the start of the process until now. */
  get age(): number {
    return performance.now() - this.child.startedAt;
  }

  /** Where a browser signs in by itself. */
  get signInLink(): string {
    return `${this.url}/sign-in#${API_KEY}`;
  }

  get pid(): number {
    return this.child.pid;
  }

  /** Creates or opens a session. */
  async open(id: string): Promise<void> {
    await this.call('PUT', `/api/sessions/${id}`);
  }

  /** Whether a session shows a QR. */
  async hasQr(id: string): Promise<boolean> {
    const path = `/api/sessions/${id}/qr`;
    const { statusCode, body } = await this.http.request({ method: 'GET', path, headers: HEADERS });
    await body.dump();
    return statusCode === 200;
  }

  /** Creates a session and lets a simulated phone scan its QR. */
  async link(id: string, phone: string, engine?: 'wwebjs'): Promise<void> {
    await this.call('PUT', `/api/sessions/${id}`, engine && { engine });
    // On a busy machine the first QR comes later than the answer.
    for (let tries = 0; ; tries += 1) {
      try {
        await this.call('POST', '/api/sandbox/scan', { sessionId: id, phone });
        return;
      } catch (error) {
        if (tries === QR_TRIES || !String(error).includes('qr_not_available')) throw error;
        await pause(QR_PAUSE_MS);
      }
    }
  }

  /** Closes a session and keeps its credentials. */
  async close(id: string): Promise<void> {
    await this.call('DELETE', `/api/sessions/${id}`);
  }

  /** Unlinks a session and forgets it. */
  async remove(id: string): Promise<void> {
    await this.call('DELETE', `/api/accounts/${id}`);
  }

  /** Resolves when so many sessions are connected. */
  connected(count: number): Promise<void> {
    return this.sessions.count(count);
  }

  measure(readings: number, pauseMs: number): Promise<Memory> {
    return this.child.measure(readings, pauseMs);
  }

  /** Reads all events from now on, over a WebSocket. */
  read(): Promise<EventReader> {
    return EventReader.open(this.url, HEADERS);
  }

  /** Accepts a text for sending; resolves with its id. */
  async send(id: string, to: string, text: string): Promise<string> {
    const path = `/api/sessions/${id}/send/text`;
    const answer = await this.call('POST', path, { chatId: to, text });
    return (answer as { messageId: string }).messageId;
  }

  /** Resolves with the position where its event log ends. */
  async stop(): Promise<number> {
    this.sessions.close();
    await this.http.close();
    await this.child.stop();
    return this.sessions.position;
  }

  async call(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<unknown> {
    // `fetch` would cost as much as the server's own part, on the processor that both share.
    const { statusCode, body: answer } = await this.http.request({
      method,
      path,
      headers: { ...HEADERS, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path} answered ${statusCode}: ${text}`);
    return JSON.parse(text);
  }
}

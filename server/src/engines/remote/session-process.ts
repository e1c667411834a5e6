import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { ChatbotSessionStatus } from '@patchbay/contract';
import { z } from 'zod';
import type { RemoteEngine } from './remote-engine.js';

/** An answer is waited for no longer than this (ms). */
const ANSWER_WITHIN = 20_000;

const Standing = z.object({ status: ChatbotSessionStatus, phone: z.string().nullish() });
export type ProcessStanding = z.infer<typeof Standing>;

const QrAnswer = z.object({
  qrCode: z.string().min(1).nullish(),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
export type ProcessQr = z.infer<typeof QrAnswer>;

/**
 * Why the process did not do what it was asked. `away`: nobody listened, so certainly nothing was
 * done; `refused`: it said no, with `status`; `unclear`: it may have done it.
 */
export class ProcessFailure extends Error {
  constructor(
    readonly kind: 'away' | 'refused' | 'unclear',
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * A session process of somebody else's: five endpoints that we call with the shared secret, each over a
 * connection of its own, so that it is known whether a request can have reached it.
 */
export class SessionProcess {
  /** Why the last call had no answer; undefined: it had one. */
  away: string | undefined;
  /** Whether there is one. */
  readonly isSet: boolean;
  private readonly secret: string;
  private readonly base: string | undefined;
  private readonly engines = new Map<string, RemoteEngine>();

  /** @param address undefined: there is none any more, and its sessions wait for it */
  constructor(address: { url: string; secret: string } | undefined) {
    this.isSet = address !== undefined;
    this.secret = address?.secret ?? '';
    this.base = address?.url.replace(/\/+$/, '');
  }

  /** Starts the session there unless it is up. */
  async init(sessionId: string): Promise<ProcessStanding> {
    return Standing.parse(await this.ask('POST', '/init', { sessionId }));
  }

  async qr(sessionId: string): Promise<ProcessQr> {
    return QrAnswer.parse(await this.ask('GET', `/qr-code/${encodeURIComponent(sessionId)}`));
  }

  async status(sessionId: string): Promise<ProcessStanding> {
    return Standing.parse(await this.ask('GET', `/status/${encodeURIComponent(sessionId)}`));
  }

  /** @param to digits of a phone number, or a jid */
  async send(sessionId: string, to: string, message: string): Promise<void> {
    await this.ask('POST', '/send', { sessionId, to, message });
  }

  /** @param logout whether the device is to be forgotten, too */
  async disconnect(sessionId: string, logout: boolean): Promise<void> {
    await this.ask('POST', '/disconnect', { sessionId, ...(logout && { logout }) });
  }

  /** From now on what the process tells of the session is for this engine. */
  attach(sessionId: string, engine: RemoteEngine): void {
    this.engines.set(sessionId, engine);
  }

  detach(sessionId: string, engine: RemoteEngine): void {
    if (this.engines.get(sessionId) === engine) this.engines.delete(sessionId);
  }

  /** The engine that a session has now. */
  engineOf(sessionId: string): RemoteEngine | undefined {
    return this.engines.get(sessionId);
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    try {
      if (this.base === undefined) {
        throw new ProcessFailure('away', 'WHATSAPP_QR_SERVICE_URL is not set');
      }
      const answer = await this.exchange(method, this.base + path, body);
      this.away = undefined;
      return answer;
    } catch (error) {
      const { kind, message } = error as ProcessFailure;
      this.away = kind === 'refused' ? undefined : message;
      throw error;
    }
  }

  /** @throws {ProcessFailure} */
  private async exchange(method: string, url: string, body?: object): Promise<unknown> {
    const isSecure = url.startsWith('https:');
    let mayHaveArrived = false;
    try {
      const { status, body: answered } = await new Promise<{ status: number; body: string }>(
        (resolve, reject) => {
          const request = (isSecure ? httpsRequest : httpRequest)(url, {
            method,
            agent: false,
            signal: AbortSignal.timeout(ANSWER_WITHIN),
            headers: {
              authorization: `Bearer ${this.secret}`,
              'user-agent': 'Patchbay',
              ...(body && { 'content-type': 'application/json' }),
            },
          });
          request.once('socket', (socket) => {
            socket.once(isSecure ? 'secureConnect' : 'connect', () => {
              mayHaveArrived = true;
            });
          });
          request.once('error', reject);
          request.once('response', (response) => {
            const { statusCode: status = 0 } = response;
            text(response).then((said) => resolve({ status, body: said }), reject);
          });
          request.end(body && JSON.stringify(body));
        },
      );
      if (status >= 200 && status < 300) return jsonOf(answered);
      const said = messageIn(answered);
      const detail = `the session process answered ${status}${said && `: ${said}`}`;
      // What stands before it could not reach it.
      if (status === 502 || status === 504) throw new ProcessFailure('unclear', detail, status);
      throw new ProcessFailure(
        status >= 500 && status !== 503 ? 'unclear' : 'refused',
        detail,
        status,
      );
    } catch (error) {
      if (error instanceof ProcessFailure) throw error;
      const detail = error instanceof Error ? error.message || error.name : String(error);
      throw mayHaveArrived
        ? new ProcessFailure('unclear', `the session process gave no answer: ${detail}`)
        : new ProcessFailure('away', `the session process is away: ${detail}`);
    }
  }
}

/** What was asked for was done whatever the body is like, so a wrong one is no failure here. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

/** What an error answer says, in one of the usual places. */
function messageIn(body: string): string {
  const Said = z.union([
    z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
    z.object({ error: z.string() }).transform(({ error }) => error),
    z.object({ message: z.string() }).transform(({ message }) => message),
  ]);
  const said = Said.safeParse(jsonOf(body));
  return said.success ? said.data.slice(0, 200) : '';
}

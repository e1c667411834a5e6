import { once } from 'node:events';
import type { LogEvent } from '@patchbay/contract';
import { WebSocket } from 'ws';
import { eventually } from './eventually.js';
import { API_KEY } from './test-api.js';

export interface Frame {
  type?: string;
  channel?: string;
  sessionId?: string;
  data?: Record<string, unknown>;
  event?: LogEvent;
  cursor?: number;
  error?: { code: string; message: string };
}

/** A program on `/api/ws` that keeps every frame it got. */
export class TestSocket {
  readonly frames: Frame[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on('error', () => undefined);
  }

  /** @param query of the address; the API key goes into a header unless `headers` are given */
  static async open(
    serverUrl: string,
    query = '',
    headers: Record<string, string> = { 'x-api-key': API_KEY },
  ): Promise<TestSocket> {
    const address = `${serverUrl.replace(/^http/, 'ws')}/api/ws${query}`;
    const opened = new TestSocket(new WebSocket(address, { headers }));
    await once(opened.socket, 'open');
    return opened;
  }

  say(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Resolves with the first frame that fits. */
  async frame(what: string, fits: (frame: Frame) => boolean): Promise<Frame> {
    return await eventually(`a frame: ${what}`, () => this.frames.find(fits));
  }

  /** Subscribes and resolves when everything up to now has come. */
  async subscribe(options: { sessionId?: string; after?: number } = {}): Promise<Frame> {
    this.say({ type: 'subscribe', ...options });
    return await this.frame(
      'live',
      ({ type, sessionId }) => type === 'live' && sessionId === options.sessionId,
    );
  }

  async closing(): Promise<{ code: number; reason: string }> {
    return await eventually('the socket is closed', () => this.closed);
  }
}

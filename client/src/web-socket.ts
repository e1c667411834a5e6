import type { Event } from './api.generated.js';
import type { ErrorCode } from './error.js';
import { PatchbayError } from './error.js';
import type { ListenOptions, PassingState, Socket, SocketClass, Told } from './listen-options.js';
import { SILENCE } from './listen-options.js';
import type { Connection } from './request.js';

/** So many frames wait for a program that is slower than the stream; then the connection is made anew. */
const MAX_WAITING = 1000;

interface Frame {
  type?: string;
  event?: Event | PassingState;
  cursor?: number;
  error?: { code: ErrorCode; message: string };
}

/** One WebSocket; ends when the server or the network ends it, or the program does not keep up. */
export async function* readWebSocket(
  connection: Connection,
  options: ListenOptions,
): AsyncGenerator<Told, void, undefined> {
  const { sessionId, events, after, signal, onConnection } = options;
  const frames = new Frames(open(connection, options));
  const abort = () => frames.end();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) frames.end();
  frames.socket.onopen = () => {
    frames.socket.send(
      JSON.stringify({
        type: 'subscribe',
        ...(sessionId !== undefined && { sessionId }),
        ...(events !== undefined && { events }),
        ...(after !== undefined && { after }),
      }),
    );
    onConnection?.('open');
  };
  try {
    for (;;) {
      const frame = await frames.next();
      if (!frame) return;
      yield told(frame);
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    frames.end();
  }
}

function open(connection: Connection, options: ListenOptions): Socket {
  const Socket: SocketClass | undefined = options.WebSocket ?? globalThis.WebSocket;
  if (!Socket) {
    throw new TypeError('There is no global WebSocket here: pass one as the option `WebSocket`');
  }
  const base = connection.url || globalThis.location?.origin;
  const url = new URL('/api/ws?format=events', base);
  url.protocol = url.protocol.replace('http', 'ws');
  if (connection.apiKey !== undefined) url.searchParams.set('apiKey', connection.apiKey);
  return new Socket(url);
}

function told({ event, cursor, type, error }: Frame): Told {
  if (error) throw new PatchbayError(error.code, error.message, 400);
  const known = event && 'position' in event;
  return {
    ...(known && { event: event as Event }),
    ...(event && !known && { passing: event as PassingState }),
    // While a subscription catches up other frames' cursors say nothing about it.
    ...(cursor !== undefined && type !== 'pong' && { cursor }),
  };
}

/** What came over a socket, to be taken one by one. */
class Frames {
  private readonly waiting: Frame[] = [];
  private ended = false;
  private failure: PatchbayError | undefined;
  private wake: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly socket: Socket) {
    socket.onmessage = ({ data }: MessageEvent) => {
      if (this.ended) return;
      this.listenOn();
      this.waiting.push(JSON.parse(String(data)) as Frame);
      if (this.waiting.length >= MAX_WAITING) this.end();
      this.wake?.();
    };
    socket.onclose = ({ code }: CloseEvent) => {
      if (code === 4001) {
        const message = 'The API key is missing or wrong';
        this.failure = new PatchbayError('unauthorized', message, 401);
      }
      this.end();
    };
    socket.onerror = () => this.end();
    this.listenOn();
  }

  /** The next frame, or undefined at the end. */
  async next(): Promise<Frame | undefined> {
    while (this.waiting.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const frame = this.waiting.shift();
    if (!frame && this.failure) throw this.failure;
    return frame;
  }

  end(): void {
    clearTimeout(this.timer);
    this.ended = true;
    this.socket.close();
    this.wake?.();
  }

  private listenOn(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), SILENCE);
  }
}

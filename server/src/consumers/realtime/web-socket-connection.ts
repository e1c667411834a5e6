import type { ErrorCode } from '@patchbay/contract';
import { ClientFrame } from '@patchbay/contract';
import type { WebSocket } from 'ws';
import { ApiError } from '../../http/api-error.js';
import type { Fan } from './fan.js';
import { Subscription } from './subscription.js';
import type { FrameFormat } from './told-event.js';
import type { Visitor } from './visitor.js';
import type { WebSocketSink } from './web-socket-sink.js';

const MAX_SUBSCRIPTIONS = 1000;
const ALL = '*';

export interface ConnectionParts {
  fan: Fan;
  sink: WebSocketSink;
  visitor: Visitor;
  form: FrameFormat;
  /** Where a subscription begins; refuses a cursor that cannot be resumed from. */
  startingPosition(after: number | undefined): Promise<number>;
}

/** One WebSocket: what it subscribed to, and whether it still answers. */
export class WebSocketConnection {
  private readonly subscriptions = new Map<string, Subscription>();
  private answered = true;
  private order: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: ConnectionParts,
  ) {
    socket.on('message', (data, isBinary) => {
      const text = isBinary ? '' : String(data);
      // Who asks faster than answers are taken waits.
      socket.pause();
      this.order = this.order
        .then(() => this.take(text))
        .catch((error) => this.refuse(error))
        .finally(() => socket.resume());
    });
    socket.on('pong', () => {
      this.answered = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.endAll());
  }

  get sink(): WebSocketSink {
    return this.parts.sink;
  }

  /** Ends what no longer answers; tells the others that the connection lives. */
  beat(): void {
    if (!this.answered) {
      this.socket.terminate();
      return;
    }
    this.answered = false;
    this.socket.ping();
    if (!this.parts.sink.congested) this.say({ type: 'heartbeat', ...this.cursor() });
  }

  /** Rights may have changed: what is no longer to be seen ends, and the reader is told to look again. */
  async review(): Promise<void> {
    const { visitor, sink } = this.parts;
    if (!(await visitor.isWelcome())) {
      this.endAll();
      sink.end('unauthorized');
      return;
    }
    let changed = false;
    for (const [key, subscription] of this.subscriptions) {
      const sessionId = key === ALL ? undefined : key;
      const scope = await visitor.scope(sessionId);
      if (!scope) this.unsubscribe(sessionId);
      else changed = subscription.changeScope(scope) || changed;
    }
    if (changed) this.say({ type: 'access' });
  }

  /** For the stop of the server; the cursor, where all subscriptions share one, is in the reason. */
  end(): void {
    const { cursor } = this.cursor();
    this.endAll();
    this.parts.sink.end('stopping', cursor);
  }

  private async take(text: string): Promise<void> {
    await this.parts.sink.room(this.parts.fan.patience);
    const frame = ClientFrame.safeParse(parse(text));
    if (!frame.success) {
      const issue = frame.error.issues[0];
      const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
      throw new ApiError('invalid_request', `${where}${issue?.message ?? 'not a frame'}`);
    }
    switch (frame.data.type) {
      case 'subscribe':
        return await this.subscribe(frame.data);
      case 'unsubscribe':
        return this.unsubscribe(frame.data.sessionId);
      case 'ping':
        return this.say({ type: 'pong', ...this.cursor() });
    }
  }

  /** Subscribing again to the same begins again at `after`; to all it replaces single sessions. */
  private async subscribe({ sessionId, after }: { sessionId?: string; after?: number }) {
    const { fan, sink, visitor, form, startingPosition } = this.parts;
    if (sessionId !== undefined && this.subscriptions.has(ALL)) {
      throw new ApiError('invalid_request', 'All sessions are subscribed already');
    }
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new ApiError('invalid_request', 'Too many subscriptions; subscribe to all sessions');
    }
    const scope = await visitor.scope(sessionId);
    if (!scope) throw new ApiError('session_not_found', `There is no session "${sessionId}"`);
    await fan.start();
    const position = await startingPosition(after);
    this.unsubscribeQuietly(sessionId);
    const about = sessionId === undefined ? {} : { sessionId };
    const subscription = new Subscription(fan, sink, {
      scope,
      showsQr: (ownerId) => visitor.links(ownerId),
      form,
      position,
      onLive: () => this.say({ type: 'live', ...about, cursor: subscription.position }),
    });
    if (sink.closed) return;
    this.subscriptions.set(sessionId ?? ALL, subscription);
    this.say({ type: 'subscribed', ...about, cursor: position });
    subscription.start();
  }

  private unsubscribe(sessionId: string | undefined): void {
    this.unsubscribeQuietly(sessionId);
    this.say({ type: 'unsubscribed', ...(sessionId !== undefined && { sessionId }) });
  }

  private unsubscribeQuietly(sessionId: string | undefined): void {
    if (sessionId === undefined) {
      this.endAll();
      return;
    }
    this.subscriptions.get(sessionId)?.end();
    this.subscriptions.delete(sessionId);
  }

  /** The place that everything subscribed to has reached; none while something is behind. */
  private cursor(): { cursor?: number } {
    const all = [...this.subscriptions.values()];
    if (all.length === 0 || all.some(({ live }) => !live)) return {};
    return { cursor: this.parts.fan.position };
  }

  private endAll(): void {
    for (const subscription of this.subscriptions.values()) subscription.end();
    this.subscriptions.clear();
  }

  private refuse(error: unknown): void {
    const known = error instanceof ApiError;
    if (!known) this.parts.fan.logger.warn({ err: error }, 'a frame could not be answered');
    const code: ErrorCode = known ? error.code : 'storage_unavailable';
    const message = known ? error.message : 'The event log cannot be read at the moment';
    this.say({ type: 'error', error: { code, message } });
  }

  private say(frame: object): void {
    this.parts.sink.send(JSON.stringify(frame));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

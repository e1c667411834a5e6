import type { ErrorCode } from '@patchbay/contract';
import { ClientFrame } from '@patchbay/contract';
import type { WebSocket } from 'ws';
import { ApiError } from '../../http/api-error.js';
import type { Fan } from './fan.js';
import { Subscription } from './subscription.js';
import type { FrameFormat } from './told-event.js';
import type { Viewers } from './viewers.js';
import type { Visitor } from './visitor.js';
import type { WebSocketSink } from './web-socket-sink.js';

type Subscribe = Extract<ClientFrame, { type: 'subscribe' }>;

const MAX_SUBSCRIPTIONS = 1000;
const ALL = '*';

/** Who has which chat open, and what must be known for it. */
export interface Viewing {
  viewers: Viewers;
  /** The id of the chat that a page names; throws `chat_not_found`. */
  chatOf(sessionId: string, chatId: string): Promise<string>;
  /** What a user is called. */
  nameOf(userId: string): Promise<string | null>;
}

export interface ConnectionParts {
  fan: Fan;
  sink: WebSocketSink;
  visitor: Visitor;
  form: FrameFormat;
  viewing: Viewing;
  /** Where a subscription begins; refuses a cursor that cannot be resumed from. */
  startingPosition(after: number | undefined): Promise<number>;
}

/** One WebSocket: what it subscribed to, and whether it still answers. */
export class WebSocketConnection {
  private readonly subscriptions = new Map<string, Subscription>();
  private answered = true;
  private order: Promise<void> = Promise.resolve();
  /** The chat that its page shows, as the page names it. */
  private open: { sessionId: string; chatId: string } | undefined;

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
    socket.on('close', () => {
      this.endAll();
      this.leave();
    });
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
    if (this.open && !(await visitor.scope(this.open.sessionId))) this.leave();
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
      case 'viewing':
      case 'typing':
        return await this.view(frame.data, frame.data.type === 'typing');
      case 'leaving':
        return this.leave();
    }
  }

  /** Somebody has a chat open on this connection, and perhaps writes in it. */
  private async view(asked: { sessionId: string; chatId: string }, typing: boolean) {
    const { visitor, viewing, sink } = this.parts;
    const isOpen = asked.sessionId === this.open?.sessionId && asked.chatId === this.open.chatId;
    if (!isOpen) {
      const [scope] = (await visitor.scope(asked.sessionId)) ?? [];
      if (!scope?.ownerId) {
        throw new ApiError('session_not_found', `There is no session "${asked.sessionId}"`);
      }
      const session = { id: asked.sessionId, ownerId: scope.ownerId };
      const [chatId, name] = await Promise.all([
        viewing.chatOf(asked.sessionId, asked.chatId),
        viewing.nameOf(visitor.userId),
      ]);
      if (sink.closed) return;
      this.open = asked;
      viewing.viewers.open(this, { userId: visitor.userId, name }, session, chatId);
    }
    viewing.viewers.type(this, typing);
  }

  private leave(): void {
    this.open = undefined;
    this.parts.viewing.viewers.leave(this);
  }

  /** Subscribing again to the same begins again at `after`; to all it replaces single sessions. */
  private async subscribe({ sessionId, after, events }: Subscribe) {
    const { fan, sink, visitor, viewing, form, startingPosition } = this.parts;
    if (sessionId !== undefined && this.subscriptions.has(ALL)) {
      throw new ApiError('invalid_request', 'All sessions are subscribed already');
    }
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new ApiError('invalid_request', 'Too many subscriptions; subscribe to all sessions');
    }
    await fan.start();
    const position = await startingPosition(after);
    // Asked last: from here on a change is told by `review`.
    const scope = await visitor.scope(sessionId);
    if (!scope) throw new ApiError('session_not_found', `There is no session "${sessionId}"`);
    this.unsubscribeQuietly(sessionId);
    const about = sessionId === undefined ? {} : { sessionId };
    const subscription = new Subscription(fan, sink, {
      scope,
      showsQr: (ownerId) => visitor.links(ownerId),
      form,
      asked: events && new Set<string>(events),
      position,
      onLive: () => {
        this.say({ type: 'live', ...about, cursor: subscription.position });
        for (const event of viewing.viewers.within(subscription.scope)) subscription.tell(event);
      },
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

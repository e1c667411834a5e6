import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Principal } from '../../auth/principal.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import type { Notices } from '../../event-log/wakeup.js';
import { ApiError } from '../../http/api-error.js';
import { Fan } from './fan.js';
import type { Sink } from './sink.js';
import { SseSink } from './sse-sink.js';
import { Subscription } from './subscription.js';
import type { FrameFormat, QrOf } from './told-event.js';
import type { ViewerTimes } from './viewers.js';
import { VIEWER_TIMES, Viewers } from './viewers.js';
import type { Doorkeeper } from './visitor.js';
import { Visitor } from './visitor.js';
import type { Viewing } from './web-socket-connection.js';
import { WebSocketConnection } from './web-socket-connection.js';
import { WebSocketSink } from './web-socket-sink.js';

/** Milliseconds; shorter in tests. */
export interface StreamTimes extends ViewerTimes {
  /** Keeps proxies from closing a quiet stream, and finds readers that are gone. */
  heartbeat: number;
  /** A reader that takes nothing for this long is told to resume. */
  patience: number;
}

const TIMES: StreamTimes = { heartbeat: 15_000, patience: 30_000, ...VIEWER_TIMES };

interface Connection {
  readonly sink: Sink;
  beat(): void;
  /** Looks again at what its reader may see. */
  review(): Promise<void>;
  end(): void;
}

/**
 * Live streams over the event log. The log itself is the buffer: a slow reader is simply further
 * back in it, and one that comes again with its cursor goes on where it was.
 */
export class EventStreams {
  private readonly fan: Fan;
  private readonly sse = new Set<Connection>();
  private readonly webSockets = new Set<Connection>();
  private readonly heart: NodeJS.Timeout;
  private readonly stopHearing: () => void;
  private readonly door: Doorkeeper;
  private readonly logger: Logger;
  private readonly viewing: Viewing;
  private stopping = false;

  constructor(
    private readonly log: EventLog,
    parts: {
      passing: PassingEvents;
      notices?: Notices | undefined;
      qrOf: QrOf;
      door: Doorkeeper;
      people: Omit<Viewing, 'viewers'>;
      logger: Logger;
      times?: Partial<StreamTimes>;
    },
  ) {
    this.door = parts.door;
    this.logger = parts.logger;
    const { heartbeat, patience, gather, typing } = { ...TIMES, ...parts.times };
    const viewers = new Viewers(parts.passing, { gather, typing }, parts.notices);
    this.viewing = { viewers, ...parts.people };
    this.fan = new Fan({ log, patience, ...parts });
    this.heart = setInterval(() => {
      for (const connection of this.connections()) connection.beat();
      this.review();
    }, heartbeat).unref();
    this.stopHearing = this.door.access.onChange(() => this.review());
  }

  /** Open connections by kind, and the characters that they have not taken yet. */
  counts(): { sse: number; webSocket: number; backlog: number } {
    const backlog = this.connections().reduce((sum, { sink }) => sum + sink.backlog, 0);
    return { sse: this.sse.size, webSocket: this.webSockets.size, backlog };
  }

  /**
   * Where a reader begins that has seen everything up to `after`, or who wants what comes from now
   * on. A cursor from the future belongs to another log: nothing would ever come after it.
   */
  async startingPosition(after: number | undefined): Promise<number> {
    const head = await this.log.head();
    if (after === undefined) return head;
    if (after > head) {
      throw new ApiError(
        'invalid_request',
        `after: the cursor ${after} is ahead of the log, which ends at ${head}`,
      );
    }
    await this.log.requireKept(after);
    return after;
  }

  /**
   * Server-Sent Events: `id:` is the position, `event:` the name, `data:` the event.
   * @param wanted.sessionId absent: of all sessions that the caller may use
   * @param wanted.asked names of events; absent: all
   */
  async serve(
    response: ServerResponse,
    principal: Principal,
    { sessionId, asked }: { sessionId?: string | undefined; asked?: ReadonlySet<string> },
    position: number,
  ): Promise<void> {
    await this.fan.start();
    const sink = new SseSink(response);
    const visitor = new Visitor(this.door, principal);
    const subscription = new Subscription(this.fan, sink, {
      scope: (await visitor.scope(sessionId)) ?? [],
      showsQr: () => false,
      form: 'sse',
      asked,
      position,
    });
    const connection = {
      sink,
      review: async () => {
        const scope = (await visitor.isWelcome()) && (await visitor.scope(sessionId));
        if (!scope) sink.end('unauthorized');
        else if (subscription.changeScope(scope)) sink.send('event: access\ndata: {}\n\n');
      },
      beat: () => {
        // An id without data moves the reader's Last-Event-ID and tells it nothing.
        const id = subscription.live ? `id: ${subscription.position}\n` : '';
        if (!sink.congested) sink.send(`: still here\n${id}\n`);
      },
      end: () => sink.end('stopping'),
    };
    this.sse.add(connection);
    response.on('close', () => {
      subscription.end();
      this.sse.delete(connection);
    });
    sink.send(`retry: 1000\nid: ${position}\nevent: hello\ndata: {}\n\n`);
    if (this.stopping) connection.end();
    else subscription.start();
    this.review([connection]);
  }

  /** Takes over a WebSocket that is let in. */
  accept(
    { webSocket: socket, connection: tcp }: { webSocket: WebSocket; connection: Duplex },
    principal: Principal,
    form: FrameFormat,
  ): void {
    const sink = new WebSocketSink(socket, tcp);
    if (this.stopping) {
      sink.end('stopping');
      return;
    }
    const connection = new WebSocketConnection(socket, {
      fan: this.fan,
      sink,
      visitor: new Visitor(this.door, principal),
      viewing: this.viewing,
      form,
      startingPosition: (after) => this.startingPosition(after),
    });
    this.webSockets.add(connection);
    socket.on('close', () => this.webSockets.delete(connection));
    this.review([connection]);
  }

  /** Ends all streams; their readers come again by themselves. */
  close(): void {
    this.stopping = true;
    this.stopHearing();
    clearInterval(this.heart);
    for (const connection of this.connections()) connection.end();
    this.viewing.viewers.stop();
    this.fan.stop();
  }

  /**
   * Roles, shares or credentials may be others than they were; for a new connection, than they were
   * when it was let in.
   */
  private review(connections = this.connections()): void {
    for (const connection of connections) {
      connection.review().catch((error) => {
        // Whoever cannot be looked at does not stay.
        this.logger.warn({ err: error }, 'a live stream ended: its rights cannot be read');
        connection.sink.end('fault');
      });
    }
  }

  private connections(): Connection[] {
    return [...this.sse, ...this.webSockets];
  }
}

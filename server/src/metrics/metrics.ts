import { SessionStatus } from '@patchbay/contract';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EventStreams } from '../consumers/realtime/event-stream.js';
import type { Database } from '../db/database.js';
import type { EventLog } from '../event-log/event-log.js';
import { MessageCounts } from './message-counts.js';
import type { Depth } from './queue-depths.js';
import { depths } from './queue-depths.js';

/** Seconds. */
const ACK_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

/**
 * What an operator watches, in Prometheus' form. Labels are states and kinds, never a number, a name
 * or an id. Most of it is read from the tables when somebody asks.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly counts: MessageCounts;
  private readonly sessions = this.gauge('sessions', 'Sessions by status', 'status');
  private readonly outbox = this.queue('outbox', 'Messages that wait to be sent or acked', 'state');
  private readonly jobs = this.queue('jobs', 'Jobs that wait or run', 'name');
  private readonly deliveries = this.gauge(
    'webhook_deliveries',
    'Webhook deliveries that are kept, by state',
    'state',
  );
  private readonly chats = this.gauge('chats', 'Chats by status, without archived ones', 'status');
  private readonly unreadChats = this.queue(
    'unread_chats',
    'Chats with something unread, by whether somebody has taken them',
    'taken',
  );
  private readonly workerInfo = this.gauge(
    'worker_info',
    'Which process tells this, and what it does: always 1',
    'worker',
    'role',
  );
  private readonly workerSessions = this.gauge(
    'worker_sessions',
    'Sessions with an open or opening socket in this process',
  );
  private readonly streams = this.gauge('streams', 'Open live streams by kind', 'kind');
  private readonly backlog = this.gauge(
    'streams_backlog_characters',
    'What live streams were given and have not taken yet',
  );
  private readonly logHead = this.gauge('event_log_position', 'Position of the newest event');
  private readonly lag = this.gauge(
    'event_consumer_lag',
    'Positions between the newest event and what a durable reader has worked off',
    'consumer',
  );
  private readonly webhookCalls = this.counter(
    'webhook_calls_total',
    'Webhook calls by result',
    'result',
  );
  private readonly failedJobs = this.gauge('failed_jobs', 'Jobs that were given up', 'name');
  private readonly jobAttempts = this.counter(
    'job_attempts_total',
    'Attempts at jobs by what came of them',
    'name',
    'result',
  );
  private readonly redisThere = this.gauge('redis_connected', 'Whether Redis is there: 1 or 0');
  private hasDefaults = false;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly openStreams: EventStreams,
    /** This process among those that work on the same database. */
    private readonly worker: () => { id: string; role: string; sessions: number },
    private readonly redis?: { connected: boolean },
  ) {
    const messages = this.counter(
      'messages_total',
      'Messages recorded, by direction and source',
      'direction',
      'source',
    );
    const statuses = this.counter(
      'message_statuses_total',
      'Changes of state of sent messages',
      'status',
    );
    const acks = new Histogram({
      name: 'patchbay_send_ack_seconds',
      help: 'From accepting a send to the ack of WhatsApp',
      buckets: ACK_BUCKETS,
      registers: [this.registry],
    });
    this.counts = new MessageCounts(log, {
      message: (direction, source) => messages.inc({ direction, source }),
      status: (status) => statuses.inc({ status }),
      ack: (seconds) => acks.observe(seconds),
    });
  }

  /** Counts messages from here on. */
  async start(): Promise<void> {
    await this.counts.start();
  }

  /** A call of a webhook came back, or did not. */
  webhookCalled(result: 'delivered' | 'refused' | 'unreachable'): void {
    this.webhookCalls.inc({ result });
  }

  /** An attempt at a job came to an end. */
  jobAttempted(name: string, result: 'done' | 'failed' | 'given up'): void {
    this.jobAttempts.inc({ name, result });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything as text for Prometheus. */
  async text(): Promise<string> {
    if (!this.hasDefaults) {
      // Process, garbage collection and event loop: measured from the first look on.
      this.hasDefaults = true;
      collectDefaultMetrics({ register: this.registry });
    }
    await this.counts.catchUp();
    await this.readTables();
    const { id, role, sessions } = this.worker();
    this.workerInfo.reset();
    this.workerInfo.set({ worker: id, role }, 1);
    this.workerSessions.set(sessions);
    if (this.redis) this.redisThere.set(this.redis.connected ? 1 : 0);
    const { sse, webSocket, backlog } = this.openStreams.counts();
    this.streams.set({ kind: 'sse' }, sse);
    this.streams.set({ kind: 'websocket' }, webSocket);
    this.backlog.set(backlog);
    return await this.registry.metrics();
  }

  private async readTables(): Promise<void> {
    const { kysely } = this.database;
    const states: Depth[] = SessionStatus.options.map((label) => ({
      label,
      count: 0,
      oldest: null,
    }));
    show(this.sessions, 'status', [...states, ...(await depths.sessions(kysely))]);
    this.outbox.show(await depths.outbox(kysely));
    this.jobs.show(await depths.jobs(kysely));
    show(this.failedJobs, 'name', await depths.failedJobs(kysely));
    show(this.deliveries, 'state', await depths.deliveries(kysely));
    show(this.chats, 'status', await depths.chats(kysely));
    this.unreadChats.show(await depths.unreadChats(kysely));
    const head = await this.log.head();
    this.logHead.set(head);
    const consumers = await kysely.selectFrom('event_consumers').selectAll().execute();
    this.lag.reset();
    for (const { name, position } of consumers) this.lag.set({ consumer: name }, head - position);
  }

  private gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ name: `patchbay_${name}`, help, labelNames, registers: [this.registry] });
  }

  private counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name: `patchbay_${name}`, help, labelNames, registers: [this.registry] });
  }

  /** Depth of a queue, and for how long its oldest entry has been due. */
  private queue(name: string, help: string, label: string) {
    const depth = this.gauge(name, help, label);
    const age = this.gauge(`${name}_oldest_seconds`, 'For how long the oldest has been due', label);
    return {
      show: (found: Depth[]) => {
        show(depth, label, found);
        age.reset();
        for (const entry of found) {
          const due = entry.oldest === null ? 0 : Math.max(0, Date.now() - entry.oldest);
          age.set({ [label]: entry.label }, due / 1000);
        }
      },
    };
  }
}

function show(gauge: Gauge, label: string, found: Depth[]): void {
  gauge.reset();
  for (const { label: value, count } of found) gauge.set({ [label]: value }, Number(count));
}

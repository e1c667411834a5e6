import type { EventData } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.js';
import type { Duties } from '../../cluster/duties.js';
import type { Database } from '../../db/database.js';
import { inChannel } from '../../event-log/channels.js';
import { EventConsumer, forgetConsumer } from '../../event-log/consumer.js';
import type { EventLog, StoredEvent } from '../../event-log/event-log.js';
import { eventId } from '../../event-log/event-log.js';
import type { Redis } from '../../redis/redis.js';
import { within } from '../../within.js';

const NAME = 'redis-channels';
const BATCH = 200;
/** What Redis does not take within this (ms) is missed; so long the end waits for what is under way. */
const PATIENCE = 2000;

/** What is published; everything else is for those who read the log. */
const PUBLISHED: readonly string[] = ['session.qr', 'session.status', 'session.message'];

interface Tools {
  database: Database;
  log: EventLog;
  leases: Duties;
  /** Undefined: nothing is published. */
  redis: Redis | undefined;
  logger: Logger;
  clock: Clock;
  /** See `ToldEvent`. */
  qrOf(ownerId: string, sessionId: string, expiresAt: string): Promise<string | undefined>;
  /** A session is another than it was. */
  changed(sessionId: string): Promise<void>;
}

/**
 * QR, status and messages on the channels `wa:qr:<session>`, `wa:status:<session>` and
 * `wa:msg:<session>` of Redis, with the data of the WebSocket's frames. Of all processes the one that
 * moves the cursor publishes, after it has, so nothing is published twice; what is published while
 * Redis is away, or lost with the process, is missed, and the log has it.
 */
export class RedisChannels {
  private readonly consumer: EventConsumer;
  private publishing: Promise<unknown> = Promise.resolve();
  private stopped = false;
  /** Says everything once: what a cut connection may have told already is not told again. */
  private readonly connection;

  constructor(private readonly tools: Tools) {
    const { database, log, leases, redis, logger, clock } = tools;
    const once = { autoResendUnfulfilledCommands: false, enableOfflineQueue: false };
    this.connection = redis?.client.duplicate(once);
    const reader = {
      name: NAME,
      batch: () => BATCH,
      wanted: () => true,
      handle: async (events: StoredEvent[]) => {
        await this.publishing;
        const committed = () => {
          this.publishing = this.publish(events).catch((error) =>
            logger.warn({ err: error }, 'events were not published on Redis'),
          );
        };
        return { steps: [], committed };
      },
    };
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
  }

  async start(): Promise<void> {
    if (this.tools.redis) await this.consumer.start();
    // The log need not be kept for it, and what comes meanwhile is not made up for.
    else await forgetConsumer(this.tools.database, NAME);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.consumer.stop();
    await within(PATIENCE, this.publishing);
  }

  private async publish(events: StoredEvent[]): Promise<void> {
    const { connection } = this;
    if (connection?.status !== 'ready') return;
    const orders = connection.pipeline();
    for (const event of events) {
      if (!PUBLISHED.includes(event.name)) continue;
      const message = inChannel(event, await this.qrOf(event));
      if (!message) continue;
      const { kind, data } = message;
      const told = { ...data, cursor: event.position, id: eventId(event) };
      orders.publish(`wa:${kind}:${event.session_id}`, JSON.stringify(told));
    }
    await within(PATIENCE, orders.exec());
    const others = events.filter(
      ({ name }) => name.startsWith('session.') && name !== 'session.message',
    );
    for (const sessionId of new Set(others.map((event) => event.session_id))) {
      if (this.stopped) return;
      await this.tools.changed(sessionId);
    }
  }

  private async qrOf(event: StoredEvent): Promise<string | undefined> {
    if (event.name !== 'session.qr') return undefined;
    const { kind, expiresAt } = JSON.parse(event.data) as EventData<'session.qr'>;
    if (kind !== 'qr') return undefined;
    return await this.tools.qrOf(event.owner_id, event.session_id, expiresAt);
  }
}

import type { Logger } from 'pino';
import type { Clock } from '../../clock.js';
import type { Duties } from '../../cluster/duties.js';
import type { Database } from '../../db/database.js';
import { EventConsumer } from '../../event-log/consumer.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { BullMqQueue } from '../../jobs/redis/bullmq-queue.js';
import { incomingMessagesJob } from './incoming-messages-job.js';
import { incomingMessagesReader } from './incoming-messages-reader.js';

interface Tools {
  database: Database;
  log: EventLog;
  leases: Duties;
  queue: BullMqQueue;
  logger: Logger;
  clock: Clock;
}

/** The queue `incoming-messages` for programs of users: the log from where they are, as jobs. */
export class IncomingMessages {
  private readonly consumer: EventConsumer;

  constructor({ database, log, leases, queue, logger, clock }: Tools) {
    const reader = incomingMessagesReader(database, queue);
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
    queue.offer(incomingMessagesJob, () => this.consumer.ring());
  }

  async start(): Promise<void> {
    await this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop();
  }
}

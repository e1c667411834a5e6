import type { Logger } from 'pino';
import type { SessionAccess } from '../../auth/session-access.js';
import type { Users } from '../../auth/users.js';
import type { MessageStore } from '../../chats/message-store.js';
import type { Clock } from '../../clock.js';
import type { Duties } from '../../cluster/duties.js';
import type { Database } from '../../db/database.js';
import { EventConsumer } from '../../event-log/consumer.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import type { CallResult } from './deliver.js';
import { deliver } from './deliver.js';
import { deliveryJob } from './delivery-job.js';
import { DeliveryStore } from './delivery-store.js';
import { forget } from './forget.js';
import { forgetJob } from './forget-job.js';
import { Redeliveries } from './redeliveries.js';
import { replay } from './replay.js';
import { replayJob } from './replay-job.js';
import type { Reaches } from './wants.js';
import { WebhookActions } from './webhook-actions.js';
import { webhookReader } from './webhook-reader.js';
import { WebhookStore } from './webhook-store.js';

interface Tools {
  access: SessionAccess;
  users: Users;
  database: Database;
  log: EventLog;
  leases: Duties;
  messages: MessageStore;
  box: SecretBox;
  queue: JobQueue;
  guarded: GuardedFetch;
  clock: Clock;
  logger: Logger;
  /** Told of each call that was made. */
  called(result: CallResult): void;
}

/** The webhooks of this process: reads the log, creates deliveries, makes the calls. */
export class Webhooks {
  private readonly consumer: EventConsumer;
  readonly deliveries: DeliveryStore;
  /** What the controllers call. */
  readonly parts: object[];

  constructor(tools: Tools) {
    const { access, users, database, log, leases, box, queue, guarded, clock, logger } = tools;
    const reaches: Reaches = (...of) => access.reachesForMaker(...of);
    const webhooks = new WebhookStore(database, box, guarded, reaches, log.wakeup);
    users.onRemove((userId) => [webhooks.switchOff(userId)]);
    access.onChange(() => webhooks.changed());
    const deliveries = new DeliveryStore(database, queue, clock, reaches);
    this.deliveries = deliveries;
    queue.handle(deliveryJob, deliver({ ...tools, webhooks, deliveries }));
    queue.handle(replayJob, replay({ webhooks, deliveries, log, queue, access }));
    queue.handle(forgetJob, forget(deliveries));
    const reader = webhookReader(webhooks, deliveries, queue);
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
    this.parts = [
      webhooks,
      deliveries,
      new WebhookActions(webhooks, deliveries, { queue, guarded, clock }),
      new Redeliveries(database, deliveries, log, queue, clock),
    ];
  }

  async start(): Promise<void> {
    await this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop();
  }
}

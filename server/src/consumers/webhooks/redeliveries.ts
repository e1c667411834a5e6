import type { Redeliver } from '@patchbay/contract';
import type { Clock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { EventLog } from '../../event-log/event-log.js';
import { ApiError } from '../../http/api-error.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { deliveryJob } from './delivery-job.js';
import type { DeliveryStore } from './delivery-store.js';
import { laneOf } from './replay.js';
import type { Replay } from './replay-job.js';
import { replayJob } from './replay-job.js';
import type { WebhookRow } from './webhook-store.js';

/** Events of one moment are committed within this (ms), so the log's times are in order but for it. */
const SLACK = 60_000;

/** Delivers again what was delivered or given up. */
export class Redeliveries {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryStore,
    private readonly log: EventLog,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Durable when it resolves; the calls follow.
   * @throws {ApiError} delivery_not_found; invalid_request for a test; cursor_expired when the span begins before what is kept
   */
  async accept(webhook: WebhookRow, body: Redeliver): Promise<void> {
    if ('deliveryId' in body) return await this.one(webhook, body.deliveryId);
    if ('dead' in body) {
      return await this.replay({
        webhookId: webhook.id,
        what: { deadBefore: this.clock.now() },
        after: 0,
      });
    }
    const from = Date.parse(body.from);
    const to = body.to === undefined ? Date.now() + 1 : Date.parse(body.to);
    const [begin, until] = await Promise.all([this.log.before(from - SLACK), this.log.head()]);
    if (begin === undefined) {
      throw new ApiError('cursor_expired', 'from: events of that time are no longer kept');
    }
    await this.replay({ webhookId: webhook.id, what: { from, to, until }, after: begin });
  }

  private async one(webhook: WebhookRow, deliveryId: string): Promise<void> {
    const row = await this.deliveries.find(deliveryId);
    if (!row || row.webhook_id !== webhook.id) {
      throw new ApiError('delivery_not_found', `The webhook has no delivery "${deliveryId}"`);
    }
    if (row.cause === 'test') {
      throw new ApiError(
        'invalid_request',
        'deliveryId: a test is not delivered again; make another',
      );
    }
    if (!(await this.log.stored(row.event_position))) {
      throw new ApiError('cursor_expired', 'The event of this delivery is no longer kept');
    }
    await this.database.write([
      ...this.deliveries.again(row),
      // It may be waiting itself: then now is the time.
      this.queue.hurry(deliveryJob, webhook.id),
    ]);
    this.queue.wake(deliveryJob, webhook.id);
  }

  private async replay(payload: Replay): Promise<void> {
    const { lane } = laneOf(payload);
    await this.database.write([this.queue.add(replayJob, payload, { lane })]);
    this.queue.wake(replayJob, lane);
  }
}

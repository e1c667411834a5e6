import { randomUUID } from 'node:crypto';
import type { UpdateWebhook, Webhook, WebhookTestAnswer } from '@patchbay/contract';
import type { Clock } from '../../clock.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import { deliveryJob } from './delivery-job.js';
import type { DeliveryStore } from './delivery-store.js';
import { forgetJob } from './forget-job.js';
import { callWebhook, isTaken } from './webhook-call.js';
import type { WebhookRow, WebhookStore } from './webhook-store.js';

interface Tools {
  queue: JobQueue;
  guarded: GuardedFetch;
  clock: Clock;
}

/** What a person does with a webhook beside reading it. */
export class WebhookActions {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly tools: Tools,
  ) {}

  /** @param note the step that notes it in the audit log */
  async change(row: WebhookRow, body: UpdateWebhook, note: WriteStep): Promise<WebhookRow> {
    const { queue } = this.tools;
    // A new address, or being enabled: what waits need not wait for its next try.
    const mayWorkNow = body.enabled === true || body.url !== undefined;
    const also = mayWorkNow ? [note, queue.hurry(deliveryJob, row.id)] : [note];
    const changed = await this.webhooks.update(row, body, also);
    if (mayWorkNow) queue.wake(deliveryJob, row.id);
    return changed;
  }

  /** What waits for it is dropped, what is noted of it goes bit by bit. */
  async delete(row: WebhookRow, note: WriteStep): Promise<void> {
    const { queue } = this.tools;
    await this.webhooks.delete(row, [note, queue.add(forgetJob, { webhookId: row.id })]);
    queue.wake(forgetJob);
  }

  /** Calls the webhook now with an event that is not in the event log; notes and tells what came of it. */
  async test(row: WebhookRow): Promise<WebhookTestAnswer> {
    const { guarded, clock } = this.tools;
    const id = `test_${randomUUID()}`;
    const deliveryId = `dlv_${randomUUID()}`;
    const abort = new AbortController();
    const cancel = clock.after(deliveryJob.timeout, () => {
      abort.abort(new Error(`no end within ${deliveryJob.timeout / 1000} s`));
    });
    const event = {
      id,
      name: 'webhook.test',
      at: new Date(clock.now()).toISOString(),
      data: { webhookId: row.id },
    };
    const call = {
      url: row.url,
      secret: this.webhooks.secretOf(row),
      headers: this.webhooks.headersOf(row),
      body: JSON.stringify(event),
      webhookId: row.id,
      eventId: id,
      eventName: event.name,
      deliveryId,
      attempt: 1,
    };
    try {
      const attempt = await callWebhook(guarded, call, clock, abort.signal);
      const names = { webhook_id: row.id, event_id: id, event_name: event.name };
      await this.deliveries.noteTest({ id: deliveryId, ...names }, attempt);
      return { ...attempt, delivered: isTaken(attempt), deliveryId };
    } finally {
      cancel();
    }
  }

  /** As the API shows it; counts stop at 1,000. */
  async view(row: WebhookRow): Promise<Webhook> {
    const [pending, dead] = await Promise.all([
      this.deliveries.count(row.id, 'pending'),
      this.deliveries.count(row.id, 'dead'),
    ]);
    return {
      id: row.id,
      name: row.name,
      url: row.url,
      sessionId: row.session_id,
      events: JSON.parse(row.events) as Webhook['events'],
      chats: JSON.parse(row.chats) as string[],
      history: row.history === 1,
      raw: row.raw === 1,
      enabled: row.enabled === 1,
      headers: Object.keys(this.webhooks.headersOf(row)),
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
      pending,
      dead,
    };
  }
}

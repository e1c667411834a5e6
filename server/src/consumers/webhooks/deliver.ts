import type { EventData, WebhookAttempt } from '@patchbay/contract';
import type { MessageStore } from '../../chats/message-store.js';
import type { Clock } from '../../clock.js';
import type { EventLog, StoredEvent } from '../../event-log/event-log.js';
import { eventJson } from '../../event-log/event-log.js';
import type { JobHandler } from '../../jobs/job.js';
import { Hopeless, Postponed } from '../../jobs/job.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import type { DeliveryRow, DeliveryStore } from './delivery-store.js';
import { callWebhook, isTaken } from './webhook-call.js';
import type { WebhookStore } from './webhook-store.js';

/** A delivery of a disabled webhook is looked at again after so long (ms); enabling hurries it. */
const WHILE_DISABLED = 10 * 60_000;
const GONE = 410;

/** The receiver took it, answered otherwise, or did not answer. */
export type CallResult = 'delivered' | 'refused' | 'unreachable';

interface Tools {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  log: EventLog;
  messages: MessageStore;
  guarded: GuardedFetch;
  clock: Clock;
  called(result: CallResult): void;
}

/** A call that the receiver did not take. */
class NotTaken extends Error {
  constructor(
    readonly row: DeliveryRow,
    readonly attempt: WebhookAttempt,
  ) {
    super(attempt.error ?? `answered ${attempt.status}`);
  }
}

/** The receiver answered 410: it will never want it. */
class Refused extends Hopeless {
  constructor(
    readonly row: DeliveryRow,
    readonly attempt: WebhookAttempt,
  ) {
    super(attempt.error ?? `answered ${attempt.status}`);
  }
}

/** Makes one delivery's next call. */
export function deliver(tools: Tools): JobHandler<{ deliveryId: string }> {
  const { webhooks, deliveries, log, messages, guarded, clock, called } = tools;
  return {
    run: async ({ deliveryId }, { signal }) => {
      const row = await deliveries.find(deliveryId);
      const webhook = row && (await webhooks.byId(row.webhook_id));
      // Deleted meanwhile: nobody waits for it.
      if (!row || !webhook) return {};
      if (webhook.enabled !== 1) throw new Postponed(clock.now() + WHILE_DISABLED);
      const event = await log.stored(row.event_position);
      if (!event) throw new Refused(row, notKept(clock.now()));
      const call = {
        url: webhook.url,
        secret: webhooks.secretOf(webhook),
        headers: webhooks.headersOf(webhook),
        body: eventJson(
          event,
          row.event_name,
          webhook.raw === 1 ? await rawOf(messages, event) : undefined,
        ),
        webhookId: webhook.id,
        eventId: row.event_id,
        eventName: row.event_name,
        deliveryId,
        attempt: row.attempts + 1,
      };
      const attempt = await callWebhook(guarded, call, clock, signal);
      called(resultOf(attempt));
      if (isTaken(attempt)) return { steps: [deliveries.delivered(row, attempt, clock.now())] };
      throw attempt.status === GONE ? new Refused(row, attempt) : new NotTaken(row, attempt);
    },
    failed: (_payload, { error, nextAttemptAt }) =>
      error instanceof NotTaken || error instanceof Refused
        ? [deliveries.failed(error.row, error.attempt, nextAttemptAt, clock.now())]
        : [],
  };
}

/** What a webhook that asks for it gets beside a message; undefined for other events. */
async function rawOf(
  messages: MessageStore,
  { name, session_id, data }: StoredEvent,
): Promise<string | null | undefined> {
  if (name !== 'session.message') return undefined;
  const { message } = JSON.parse(data) as EventData<'session.message'>;
  const raw = await messages.raw(session_id, message.id);
  return raw ? Buffer.from(raw).toString('base64') : null;
}

function resultOf(attempt: WebhookAttempt): CallResult {
  if (isTaken(attempt)) return 'delivered';
  return attempt.status === null ? 'unreachable' : 'refused';
}

function notKept(now: number): WebhookAttempt {
  return {
    at: new Date(now).toISOString(),
    durationMs: 0,
    status: null,
    error: 'the event is no longer kept',
    response: null,
  };
}

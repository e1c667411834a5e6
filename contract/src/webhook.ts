import { z } from 'zod';
import { EventName } from './event.js';
import { NotificationEventName } from './notification-events.js';
import { SessionId } from './session.js';

/**
 * A webhook call is `POST <url>` with the event as JSON (schema Event) and these headers. Any answer
 * of 2xx within 30 s takes the event; everything else is tried again for 24 hours. 410 ends it.
 *
 * The signature is `t=<unix seconds>,v1=<hex>`, where hex is HMAC-SHA256 with the webhook's secret
 * (the text itself, as UTF-8) over the bytes `<unix seconds>.<body>`. Both sides sign the body as it
 * is on the wire. A receiver refuses what is unsigned or older than some minutes.
 */
export const WEBHOOK_HEADERS = {
  signature: 'X-Patchbay-Signature',
  /** Never changes: an event that comes again has the id that it had. */
  eventId: 'X-Patchbay-Event-Id',
  event: 'X-Patchbay-Event',
  webhook: 'X-Patchbay-Webhook',
  /** Id of the delivery: this event for this webhook. */
  delivery: 'X-Patchbay-Delivery',
  /** 1 for the first call of the delivery, then counting. */
  attempt: 'X-Patchbay-Attempt',
} as const;

/** Text of one line; PostgreSQL stores no NUL. */
const LINE = /^[^\p{Cc}]*$/u;
const line = () => z.string().trim().regex(LINE, 'must not hold control characters');

const Url = line().min(8).max(2048);
const DeliveryId = z.string().regex(/^[\w-]{1,64}$/, 'not an id of a delivery');

/** Letters, digits and the marks of a header name; those that belong to the call itself are refused. */
const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'not a header name')
  .refine(
    (name) =>
      !/^(host|connection|keep-alive|content-length|content-type|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|x-patchbay-.*)$/i.test(
        name,
      ),
    'this header belongs to the call itself',
  );
const HeaderValue = z.string().regex(/^[\x20-\x7e]{0,2000}$/, 'printable ASCII, at most 2000');

const Headers = z
  .record(HeaderName, HeaderValue)
  .refine((headers) => Object.keys(headers).length <= 20, 'at most 20 headers');

const fields = {
  name: line().min(1).max(100).nullable(),
  url: Url,
  sessionId: SessionId.nullable().describe('Events of this session; null: of all sessions'),
  events: z
    .array(z.union([EventName, NotificationEventName]))
    .max(100)
    .describe('Only these events, under these names; empty: all, under their own'),
  chats: z
    .array(line().min(1).max(128))
    .max(1000)
    .describe(
      'Of events about a chat only those of these chats (chat id, phone number or jid); empty: all',
    ),
  history: z.boolean().describe('Whether messages of the history sync are delivered too'),
  raw: z
    .boolean()
    .describe(
      'Whether `session.message` also carries the message as the engine has it (`data.raw`, in base64)',
    ),
  enabled: z.boolean().describe('Disabled: nothing is delivered, and what waits goes on waiting'),
};

const Secret = z.string().regex(LINE, 'must not hold control characters').min(16).max(256);

export const CreateWebhook = z
  .object({
    url: fields.url,
    name: fields.name.optional(),
    sessionId: fields.sessionId.optional(),
    events: fields.events.optional(),
    chats: fields.chats.optional(),
    history: fields.history.optional(),
    raw: fields.raw.optional(),
    enabled: fields.enabled.optional(),
    headers: Headers.optional().describe(
      'Sent with each call; stored encrypted, never shown again',
    ),
    secret: Secret.optional().describe('Signs the calls; made by the server when absent'),
  })
  .strict()
  .meta({ id: 'CreateWebhook' });
export type CreateWebhook = z.infer<typeof CreateWebhook>;

/** Fields that are absent stay as they are. */
export const UpdateWebhook = CreateWebhook.omit({ headers: true })
  .extend({
    headers: z
      .record(HeaderName, HeaderValue.nullable())
      .refine((headers) => Object.keys(headers).length <= 20, 'at most 20 headers')
      .optional()
      .describe('All headers anew; null keeps the value that a header has'),
  })
  .partial()
  .strict()
  .meta({ id: 'UpdateWebhook' });
export type UpdateWebhook = z.infer<typeof UpdateWebhook>;

export const Webhook = z
  .object({
    id: z.string(),
    ...fields,
    headers: z.array(z.string()).describe('Names only'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    pending: z.number().int().describe('Deliveries that are still to be made'),
    dead: z.number().int().describe('Deliveries that were given up'),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

/** The one answer that holds the secret. */
export const WebhookWithSecret = Webhook.extend({ secret: z.string() }).meta({
  id: 'WebhookWithSecret',
});
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;

/** Webhooks, oldest first; `after` continues the list, null at its end. */
export const WebhookPage = z
  .object({ webhooks: z.array(Webhook), after: z.string().nullable() })
  .meta({ id: 'WebhookPage' });
export type WebhookPage = z.infer<typeof WebhookPage>;

/** One call and what came of it. */
export const WebhookAttempt = z
  .object({
    at: z.iso.datetime(),
    durationMs: z.number().int(),
    status: z.number().int().nullable().describe('HTTP status; null when there was no answer'),
    error: z.string().nullable(),
    response: z.string().nullable().describe('The head of the answer'),
  })
  .meta({ id: 'WebhookAttempt' });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

/** `dead` was given up; `failed` is a test call that was not taken, and is not made again. */
export const DeliveryState = z
  .enum(['pending', 'delivered', 'dead', 'failed'])
  .meta({ id: 'DeliveryState' });
export type DeliveryState = z.infer<typeof DeliveryState>;

export const WebhookDelivery = z
  .object({
    id: z.string(),
    webhookId: z.string(),
    eventId: z.string(),
    eventName: z.string(),
    position: z.number().int().nullable().describe('Null: a test, which is not in the log'),
    sessionId: z.string().nullable(),
    chatId: z.string().nullable(),
    cause: z.enum(['event', 'redelivery', 'test']),
    state: DeliveryState,
    attempts: z.number().int(),
    createdAt: z.iso.datetime(),
    nextAttemptAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    log: z.array(WebhookAttempt).describe('The last attempts, oldest first'),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** Deliveries, newest first; `before` continues towards older ones, null at the beginning. */
export const DeliveryPage = z
  .object({ deliveries: z.array(WebhookDelivery), before: z.string().nullable() })
  .meta({ id: 'DeliveryPage' });
export type DeliveryPage = z.infer<typeof DeliveryPage>;

/** One delivery, all that were given up, or every event of a time span that fits the filters. */
export const Redeliver = z
  .union([
    z.object({ deliveryId: DeliveryId }).strict(),
    z.object({ dead: z.literal(true) }).strict(),
    z.object({ from: z.iso.datetime(), to: z.iso.datetime().optional() }).strict(),
  ])
  .meta({ id: 'Redeliver' });
export type Redeliver = z.infer<typeof Redeliver>;

/** The event `webhook.test` is not part of the event log and goes to one webhook only. */
export const WebhookTestAnswer = WebhookAttempt.extend({
  delivered: z.boolean(),
  deliveryId: z.string().describe('Its entry in the delivery log'),
}).meta({
  id: 'WebhookTestAnswer',
});
export type WebhookTestAnswer = z.infer<typeof WebhookTestAnswer>;

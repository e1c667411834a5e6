import type { WebhookAttempt } from '@patchbay/contract';
import { WEBHOOK_HEADERS } from '@patchbay/contract';
import type { Clock } from '../../clock.js';
import { crashPoint } from '../../crash-point.js';
import type { GuardedFetch, GuardedResponse } from '../../user-urls/guarded-fetch.js';
import { sign } from '../../user-urls/signature.js';

/** Of the answer so many bytes are kept to be shown. */
const HEAD_BYTES = 1024;
/** The status says whether it was taken; its text is waited for so long (ms). */
const TEXT_WITHIN = 1000;

export interface Call {
  url: string;
  secret: string;
  /** The user's own. */
  headers: Record<string, string>;
  body: string;
  webhookId: string;
  eventId: string;
  eventName: string;
  deliveryId: string;
  attempt: number;
}

/** Makes one call and tells what came of it; failing to connect is an outcome too. */
export async function callWebhook(
  guarded: GuardedFetch,
  call: Call,
  clock: Clock,
  signal: AbortSignal,
): Promise<WebhookAttempt> {
  const begun = clock.now();
  const outcome = (found: Partial<WebhookAttempt>): WebhookAttempt => ({
    at: new Date(begun).toISOString(),
    durationMs: clock.now() - begun,
    status: null,
    error: null,
    response: null,
    ...found,
  });
  try {
    crashPoint('before-webhook-call');
    const answer = await guarded.fetch(call.url, {
      method: 'POST',
      headers: headersOf(call, begun),
      originHeaders: call.headers,
      body: call.body,
      signal,
    });
    crashPoint('after-webhook-call');
    const response = await headOf(answer.body);
    return outcome({ status: answer.status, response });
  } catch (error) {
    return outcome({ error: reasonOf(error, signal) });
  }
}

/** Whether the receiver has the event now. */
export function isTaken({ status }: WebhookAttempt): boolean {
  return status !== null && status >= 200 && status < 300;
}

function headersOf(call: Call, now: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Patchbay',
    [WEBHOOK_HEADERS.signature]: sign(call.secret, call.body, now),
    [WEBHOOK_HEADERS.eventId]: call.eventId,
    [WEBHOOK_HEADERS.event]: call.eventName,
    [WEBHOOK_HEADERS.webhook]: call.webhookId,
    [WEBHOOK_HEADERS.delivery]: call.deliveryId,
    [WEBHOOK_HEADERS.attempt]: String(call.attempt),
  };
}

/** The first bytes of an answer as text; the rest is not read. */
async function headOf(body: GuardedResponse['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => body.destroy(), TEXT_WITHIN);
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= HEAD_BYTES) break;
    }
  } catch {
    // Broken off: what came is shown.
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  // NUL cannot be stored as text in PostgreSQL.
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES).toString('utf8').replaceAll('\0', '');
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  const cause: unknown = signal.aborted ? signal.reason : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  const code = (cause as { code?: unknown } | null)?.code;
  return (typeof code === 'string' && !text.includes(code) ? `${code} ${text}` : text).slice(
    0,
    300,
  );
}

import type { Event } from './api.generated.js';

/** Why a delivery is not to be trusted. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}

export interface Delivery {
  /** The webhook's secret, as shown when it was made. */
  secret: string;
  /** Header `X-Patchbay-Signature`: `t=<unix seconds>,v1=<hex>`, several `v1` while secrets change. */
  signature: string | null | undefined;
  /** The body exactly as it came; not parsed and written again. */
  body: string | Uint8Array<ArrayBuffer>;
  /** Older or newer ones are refused, so that nobody can repeat one for ever (seconds). */
  tolerance?: number;
}

/**
 * The event of a webhook call, when its signature is right; throws a SignatureError otherwise. An
 * event can come more than once: its `id` tells.
 */
export async function readWebhook(delivery: Delivery): Promise<Event> {
  const { secret, signature, tolerance = 300 } = delivery;
  const encode = new TextEncoder();
  const body = typeof delivery.body === 'string' ? encode.encode(delivery.body) : delivery.body;
  const { time, signatures } = parse(signature);
  if (Math.abs(Date.now() / 1000 - time) > tolerance) {
    throw new SignatureError('The signature is too old, or the clocks differ');
  }
  const signed = new Uint8Array([...encode.encode(`${time}.`), ...body]);
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encode.encode(secret), usage, false, ['verify']);
  for (const bytes of signatures) {
    // Compares in constant time.
    if (await crypto.subtle.verify('HMAC', key, bytes, signed)) {
      return JSON.parse(new TextDecoder().decode(body)) as Event;
    }
  }
  throw new SignatureError('The signature does not belong to this body and secret');
}

function parse(header: string | null | undefined) {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('='));
  const time = Number(parts.find(([name]) => name === 't')?.[1] ?? Number.NaN);
  const signatures = parts.flatMap(([name, hex = '']) => {
    if (name !== 'v1' || !/^[0-9a-f]{64}$/i.test(hex)) return [];
    return [Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))];
  });
  if (!Number.isInteger(time) || signatures.length === 0) {
    throw new SignatureError('There is no X-Patchbay-Signature, or not one of this form');
  }
  return { time, signatures };
}

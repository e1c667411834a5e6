import { createHmac } from 'node:crypto';

/**
 * The value of X-Patchbay-Signature: `t=<unix seconds>,v1=<hex>`, HMAC-SHA256 over
 * `<unix seconds>.<body>` (contract/src/webhook.ts says it to receivers).
 * @param at milliseconds since the epoch
 */
export function sign(secret: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${hex}`;
}

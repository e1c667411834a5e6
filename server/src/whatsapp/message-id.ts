import { randomUUID } from 'node:crypto';

/**
 * A new message id in the form that WhatsApp Web uses: `3EB0` and 18 upper-case hex digits. Chosen
 * before sending, so that a message sent twice is still one message to its recipients.
 */
export function newMessageId(): string {
  // The first and the last group of a UUID are random throughout.
  const uuid = randomUUID();
  return `3EB0${(uuid.slice(0, 8) + uuid.slice(-12)).slice(0, 18).toUpperCase()}`;
}

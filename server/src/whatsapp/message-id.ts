import { randomBytes } from 'node:crypto';

/**
 * A new message id in the form that WhatsApp Web uses: `3EB0` and 18 upper-case hex digits. Chosen
 * before sending, so that a message sent twice is still one message to its recipients.
 */
export function newMessageId(): string {
  return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
}

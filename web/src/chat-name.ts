import type { Chat } from '@patchbay/contract';
import { formatPhone } from './format/phone.js';
import { inboxWords } from './words/inbox-words.js';

/** The name of a chat that has one; of others the server says the number or WhatsApp's address. */
export function ownName({ id, name, phone }: Pick<Chat, 'id' | 'name' | 'phone'>): string | null {
  return name !== id && name !== `+${phone}` ? name : null;
}

/** How a chat is called; numbers in their international form, never as WhatsApp's addresses. */
export function chatName({ id, name, phone }: Pick<Chat, 'id' | 'name' | 'phone'>): string {
  const own = ownName({ id, name, phone });
  if (own) return own;
  return phone ? formatPhone(phone) : inboxWords.unknownNumber;
}

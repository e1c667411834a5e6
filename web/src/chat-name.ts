import type { Chat } from '@patchbay/contract';
import { formatPhone } from './format/phone.js';
import { inboxWords } from './words/inbox-words.js';

/** How a chat is called; numbers in their international form, never as WhatsApp's addresses. */
export function chatName({ id, name, phone }: Pick<Chat, 'id' | 'name' | 'phone'>): string {
  if (name !== id && name !== `+${phone}`) return name;
  return phone ? formatPhone(phone) : inboxWords.unknownNumber;
}

import type { Session } from '@patchbay/contract';
import { formatPhone } from './format/phone.js';
import { words } from './words/words.js';

/** How an account is called everywhere: its name, else its number, else its place in the list. */
export function accountName(session: Pick<Session, 'displayName' | 'phone' | 'slot'>): string {
  if (session.displayName) return session.displayName;
  return session.phone ? formatPhone(session.phone) : words.accounts.fallbackName(session.slot);
}

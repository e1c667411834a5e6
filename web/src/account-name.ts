import type { Session } from '@patchbay/contract';
import { formatPhone } from './format/phone.js';
import { words } from './words/words.js';

/** How an account is called everywhere: as its user named it, else as its owner did, else by number. */
export function accountName(
  session: Pick<Session, 'label' | 'displayName' | 'phone' | 'slot'>,
): string {
  const name = session.label ?? session.displayName;
  if (name) return name;
  return session.phone ? formatPhone(session.phone) : words.accounts.fallbackName(session.slot);
}

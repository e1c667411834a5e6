import type { Session } from '@patchbay/contract';

/** Whether an account is on its way to a link, so that the panel below belongs to it. */
export function isLinking({ state, phone }: Pick<Session, 'state' | 'phone'>): boolean {
  if (state.status === 'qr' || state.status === 'pairing') return true;
  if (state.status !== 'starting') return false;
  return phone === null || state.reason === 'paired' || state.reason === 'restart_required';
}

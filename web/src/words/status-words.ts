import type { SessionState, SessionStatus, StatusAction, StatusReason } from '@patchbay/contract';

/** Colour and weight of a badge. */
export type Tone = 'ok' | 'waiting' | 'attention' | 'danger' | 'neutral';

/** What the badge's picture shows; `restricted` is the one status that the reason decides. */
export type BadgeKind = SessionStatus | 'restricted';

export interface StatusWords {
  kind: BadgeKind;
  label: string;
  tone: Tone;
  /** Why it is so; empty when there is nothing to add. */
  cause: string;
  /** What a person does about it; null when nothing. */
  advice: string | null;
}

const BADGES: Record<BadgeKind, { label: string; tone: Tone }> = {
  starting: { label: 'Starting', tone: 'waiting' },
  qr: { label: 'Awaiting scan', tone: 'attention' },
  pairing: { label: 'Pairing', tone: 'attention' },
  connected: { label: 'Connected', tone: 'ok' },
  reconnecting: { label: 'Reconnecting', tone: 'waiting' },
  closed: { label: 'Closed', tone: 'neutral' },
  logged_out: { label: 'Logged out', tone: 'attention' },
  failed: { label: 'Failed', tone: 'danger' },
  restricted: { label: 'Restricted', tone: 'danger' },
};

const CAUSES: Record<StatusReason, string> = {
  none: '',
  created: 'The account is new.',
  restored: 'The server has started and restored it.',
  requested: 'It was started on request.',
  paired: 'A phone has accepted the link.',
  restart_required: 'WhatsApp asked for a new connection to finish the link.',
  connection_lost: 'The connection to WhatsApp was lost.',
  stuck: 'The connection made no progress and was started again.',
  qr_expired: 'Nobody scanned the code in time.',
  closed_by_user: 'It was disconnected here; the phone stays linked.',
  logged_out_by_user: 'It was logged out here and its credentials were deleted.',
  device_removed: 'The link was removed on the phone.',
  replaced: 'Another program took over this link.',
  banned: 'WhatsApp has restricted this number.',
  client_outdated: 'WhatsApp no longer accepts this version of the connection.',
  number_already_linked: 'The number is linked to another account here already.',
  credentials_unreadable: 'Its stored credentials cannot be read.',
  browser_failed: 'Its browser could not be started, or WhatsApp Web did not open in it.',
};

const ADVICE: Record<StatusAction, string | null> = {
  scan: 'Scan the QR code with the phone to link it.',
  restart: 'Reconnect it.',
  wait: 'Nothing to do: it goes on by itself.',
  none: null,
};

/** Where the general advice would not help. */
const ADVICE_FOR_REASON: Partial<Record<StatusReason, string>> = {
  replaced: 'Make sure that no other program uses this link, then reconnect.',
  banned: 'Open WhatsApp on the phone: it says why, for how long, and how to ask for a review.',
  client_outdated: 'Update Patchbay, then reconnect.',
  number_already_linked: 'Link another number, or use the other account.',
  browser_failed: 'If it stays so: see in the server log why, then reconnect.',
  credentials_unreadable:
    'Start the server with the secret it had before, or log this account out and link it again.',
};

/** A session's state in words; complete for every status, reason and action of the contract. */
export function describeState(
  state: Pick<SessionState, 'status' | 'reason' | 'action'>,
): StatusWords {
  const kind: BadgeKind =
    state.status === 'failed' && state.reason === 'banned' ? 'restricted' : state.status;
  const settled = state.status === 'connected';
  return {
    kind,
    ...BADGES[kind],
    cause: CAUSES[state.reason],
    advice: settled ? null : (ADVICE_FOR_REASON[state.reason] ?? ADVICE[state.action]),
  };
}

/** Whether a person has to do something before this account works (again). */
export function needsPerson(state: Pick<SessionState, 'status'>): boolean {
  return ['qr', 'pairing', 'logged_out', 'failed'].includes(state.status);
}

/** "attempt 3, next in 0:12", as far as known. */
export function attemptWords(attempt: number, nextIn: string | null): string {
  return [attempt > 0 ? `attempt ${attempt}` : null, nextIn ? `next in ${nextIn}` : null]
    .filter(Boolean)
    .join(', ');
}

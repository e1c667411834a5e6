import type { SessionState, SessionStatus, StatusReason } from './session.js';

/**
 * Our status in the words of each face. The row `paired` is "linked, not yet open": status
 * `starting` with reason `paired` or `restart_required`; `not_accepted` is `failed` because of the
 * credentials.
 */
const VOCABULARIES = {
  starting: row('starting', 'DISCONNECTED', 'connecting', 'CONNECTING', 'CONNECTING'),
  qr: row('starting', 'DISCONNECTED', 'qr_ready', 'QR_READY', 'QR_READY'),
  pairing: row('starting', 'DISCONNECTED', 'qr_ready', 'QR_READY', 'QR_READY'),
  paired: row('starting', 'DISCONNECTED', 'connecting', 'CONNECTING', 'AUTHENTICATED'),
  connected: row('ready', 'ACTIVE', 'connected', 'CONNECTED', 'READY'),
  reconnecting: row('starting', 'ACTIVE', 'connecting', 'CONNECTING', 'CONNECTING'),
  closed: row('closed', 'DISCONNECTED', 'disconnected', 'DISCONNECTED', 'DISCONNECTED'),
  logged_out: row('removed', 'DISCONNECTED', 'disconnected', 'DISCONNECTED', 'DISCONNECTED'),
  failed: row('closed', 'DISCONNECTED', 'disconnected', 'DISCONNECTED', 'DISCONNECTED'),
  not_accepted: row('closed', 'DISCONNECTED', 'disconnected', 'DISCONNECTED', 'AUTH_FAILURE'),
} as const satisfies Record<SessionStatus | 'paired' | 'not_accepted', object>;

/** `starting` with one of these is "linked, not yet open". */
const PAIRED: readonly StatusReason[] = ['paired', 'restart_required'];
/** `failed` with one of these is a matter of the credentials, not of the connection. */
const NOT_ACCEPTED: readonly StatusReason[] = ['credentials_unreadable', 'number_already_linked'];

function row<
  Service extends string,
  Accounts extends string,
  Inbox extends string,
  Chatbot extends string,
  Notification extends string,
>(
  service: Service,
  accounts: Accounts,
  inbox: Inbox,
  chatbot: Chatbot,
  notification: Notification,
): {
  service: Service;
  accounts: Accounts;
  inbox: Inbox;
  chatbot: Chatbot;
  notification: Notification;
} {
  return { service, accounts, inbox, chatbot, notification };
}

type Vocabulary = (typeof VOCABULARIES)[keyof typeof VOCABULARIES];

/** The state in the words of every face: session service, accounts, inbox, chatbots, notifications. */
export function inEveryVocabulary({
  status,
  reason,
}: Pick<SessionState, 'status' | 'reason'>): Vocabulary {
  if (status === 'starting' && PAIRED.includes(reason)) return VOCABULARIES.paired;
  if (status === 'failed' && NOT_ACCEPTED.includes(reason)) return VOCABULARIES.not_accepted;
  return VOCABULARIES[status];
}

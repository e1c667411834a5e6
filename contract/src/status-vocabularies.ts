import type { SessionState, SessionStatus } from './session.js';

/**
 * Our status in the words of each face. The row `paired` is "linked, not yet open": status
 * `starting` with reason `paired` or `restart_required`.
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
} as const satisfies Record<SessionStatus | 'paired', object>;

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
export function inEveryVocabulary(state: Pick<SessionState, 'status' | 'reason'>): Vocabulary {
  const paired = state.reason === 'paired' || state.reason === 'restart_required';
  return VOCABULARIES[state.status === 'starting' && paired ? 'paired' : state.status];
}

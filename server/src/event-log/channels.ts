import type { LogEvent } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import type { StoredEvent } from './event-log.js';

/** What of an event is told on a channel `wa:<kind>:<session>`. */
export interface ChannelMessage {
  kind: 'qr' | 'status' | 'msg' | 'ack' | 'event';
  /** With the `sessionId`. */
  data: object;
}

/**
 * An event in the shorter form by channel that inbox programs know; null when there is nothing to say.
 * @param qr of an event `session.qr`: the QR as a data URL, while it is the one to scan
 * @param toldAs another name than its own, under which it is asked for
 */
export function inChannel(
  row: StoredEvent,
  qr: string | undefined,
  toldAs = row.name,
): ChannelMessage | null {
  const content = contentOf(row, qr, toldAs);
  if (!content) return null;
  const [kind, data] = content;
  return { kind, data: { sessionId: row.session_id, ...data } };
}

function contentOf(
  row: StoredEvent,
  qr: string | undefined,
  toldAs: string,
): [ChannelMessage['kind'], object] | null {
  const { name, data } = { name: row.name, data: JSON.parse(row.data) } as LogEvent;
  if (name === 'session.qr' && toldAs === name) {
    // A QR that nobody can scan any more is not shown.
    return qr ? ['qr', { qr }] : null;
  }
  if (toldAs !== name) return ['event', { name: toldAs, data }];
  switch (name) {
    case 'session.status': {
      const { state, phone, displayName } = data;
      return ['status', { status: inEveryVocabulary(state).inbox, phone, displayName, state }];
    }
    case 'session.message':
      return ['msg', { chatId: data.message.chatId, message: data.message }];
    case 'message.status':
      return ['ack', data];
    default:
      return ['event', { name, data }];
  }
}

import type { PairingCode, Session, SessionState } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import QRCode from 'qrcode';
import { phoneOf } from '../whatsapp/jid.js';
import type { LinkCode, SessionRow } from './session-store.js';

/** Messages of today, and when the last one was. */
export interface MessageCounts {
  received: number;
  sent: number;
  lastAt: number | null;
}

/** The socket in three words, as `session.status` carries it. */
export function connectionOf(row: SessionRow): 'connecting' | 'open' | 'close' {
  if (row.status === 'connected') return 'open';
  return ['closed', 'failed', 'logged_out'].includes(row.status) ? 'close' : 'connecting';
}

export function stateOf(row: SessionRow): SessionState {
  return {
    status: row.status,
    reason: row.reason,
    action: row.action,
    since: new Date(row.status_since).toISOString(),
    attempt: row.attempt,
    nextAttemptAt: isoOrNull(row.next_attempt_at),
  };
}

/** A session in the inbox's view. */
export function toSession(row: SessionRow, counts?: MessageCounts): Session {
  return {
    id: row.id,
    userId: row.owner_id,
    slot: row.slot,
    engine: row.engine,
    phone: (row.jid && phoneOf(row.jid)) ?? null,
    jid: row.jid,
    label: row.label,
    displayName: row.display_name,
    profilePicUrl: null,
    status: inEveryVocabulary(row).inbox,
    state: stateOf(row),
    lastSeen: isoOrNull(row.last_seen_at),
    createdAt: new Date(row.created_at).toISOString(),
    lastMessageAt: isoOrNull(counts?.lastAt ?? null),
    today: { received: counts?.received ?? 0, sent: counts?.sent ?? 0 },
  };
}

/** Each row of a QR is mostly the one above (filter 2): half the work and a smaller picture than trying all filters. */
const OF_ROWS_ALIKE = { filterType: 2, deflateStrategy: 0, deflateLevel: 6 };

/** A QR as text and as picture; from a separate session process there is the picture alone. The quiet zone is four modules, as scanners expect. */
export async function qrView(code: string, expiresAt: number) {
  const dataUrl = code.startsWith('data:') ? code : await pictureOf(code);
  return { code, dataUrl, expiresAt: new Date(expiresAt).toISOString() };
}

async function pictureOf(code: string): Promise<string> {
  const picture = await QRCode.toBuffer(code, {
    margin: 4,
    scale: 6,
    errorCorrectionLevel: 'L',
    rendererOpts: { ...OF_ROWS_ALIKE },
  });
  return `data:image/png;base64,${picture.toString('base64')}`;
}

/** A pairing code in the form people read: ABCD-EFGH. */
export function pairingCodeView({ code, expiresAt }: LinkCode): PairingCode {
  const shown = code.length === 8 ? `${code.slice(0, 4)}-${code.slice(4)}` : code;
  return { code: shown, expiresAt: new Date(expiresAt).toISOString() };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

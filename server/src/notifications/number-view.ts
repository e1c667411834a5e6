import type { ConnectionStatus, NotificationStatus } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import type { LinkCode, SessionRow } from '../sessions/session-store.js';

export function statusOf(row: Pick<SessionRow, 'status' | 'reason'>): NotificationStatus {
  return inEveryVocabulary(row).notification;
}

/** Whether a number is linked by credentials that can be used: then no QR is needed. */
export function isAuthenticated(row: SessionRow): boolean {
  return row.linked === 1 && statusOf(row) !== 'AUTH_FAILURE';
}

/** @param code what the session shows now */
export function connectionStatus(row: SessionRow, code: LinkCode | undefined): ConnectionStatus {
  const status = statusOf(row);
  const qr = code?.kind === 'qr' ? code : undefined;
  return {
    sessionId: row.id,
    status,
    ready: status === 'READY',
    initializing: status === 'CONNECTING' || status === 'AUTHENTICATED',
    hasQRCode: qr !== undefined,
    qrCodeExpiry: qr ? new Date(qr.expiresAt).toISOString() : null,
    reconnectAttempts: row.attempt,
    lastUpdated: new Date(row.status_since).toISOString(),
    message: sentenceOf(row, code),
  };
}

/** Of somebody who has no session yet. */
export const NOTHING_YET: ConnectionStatus = {
  sessionId: null,
  status: 'DISCONNECTED',
  ready: false,
  initializing: false,
  hasQRCode: false,
  qrCodeExpiry: null,
  reconnectAttempts: 0,
  lastUpdated: null,
  message: 'There is no account yet; ask for a QR code to link a number',
};

function sentenceOf(row: SessionRow, code: LinkCode | undefined): string {
  switch (statusOf(row)) {
    case 'READY':
      return 'Connected: messages go out';
    case 'QR_READY':
      if (code?.kind === 'pairing-code') return 'A pairing code waits to be typed on the phone';
      return code ? SCAN : 'The next QR code follows in a moment';
    case 'AUTHENTICATED':
      return 'The number is linked; the connection is being opened';
    case 'CONNECTING':
      return row.linked === 1
        ? `Connecting; what is sent now waits until it is connected (${row.reason})`
        : 'Connecting; a QR code follows';
    case 'DISCONNECTED':
      return `Not connected (${row.reason}); reconnect to open it again`;
    case 'AUTH_FAILURE':
      return `The number cannot be used (${row.reason}); ask for a new QR code and link it again`;
  }
}

export const SCAN = 'Scan it: WhatsApp → Linked devices → Link a device';

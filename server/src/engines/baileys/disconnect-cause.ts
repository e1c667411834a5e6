import type { DisconnectCause } from '../engine-events.js';

/**
 * What WhatsApp means by the status with which a connection ended. Sources: baileys rc14
 * `lib/Types/index.js` (DisconnectReason), `lib/Socket/socket.js` (where each is made), and the
 * names of WhatsApp Web's `<failure reason>` as whatsmeow lists them
 * (`types/events/events.go`, ConnectFailureReason).
 */
const CAUSES: Record<number, DisconnectCause> = {
  401: 'logged-out', // device removed on the phone, or credentials unknown
  402: 'banned', // temporarily
  403: 'banned', // "locked"
  405: 'client-outdated',
  406: 'banned',
  409: 'client-outdated', // bad user agent
  440: 'replaced',
  515: 'restart-required',
};

/**
 * Everything else is worth another try: 408 (refused, silent or lost connection), 411, 428 (closed),
 * 500 (stream error without a code, a broken frame), 503, 400 (the noise certificate was refused).
 *
 * @param message of the error that ended the connection: 408 also stands for QR codes that nobody
 *   scanned (`genPairQR` in `lib/Socket/socket.js`).
 */
export function disconnectCause(code: number | undefined, message = ''): DisconnectCause {
  if (code === 408 && message.includes('QR refs attempts ended')) return 'qr-expired';
  return (code !== undefined && CAUSES[code]) || 'transient';
}

import { EngineError } from '../engine-error.js';
import type { EngineEvent } from '../engine-events.js';
import type { AuthenticationCreds, WASocket } from './baileys.js';
import { deferred } from './deferred.js';

/** rc14 shows the first QR for a minute, the five others for 20 s (`lib/Socket/socket.js`). */
const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;
const QRS = 6;

/** The QR codes of one connection, in time. */
export class Linking {
  readonly #begun = deferred<void>();
  #firstAt?: number;

  /** @param qrMs life of every QR, where it is not the usual one */
  constructor(private readonly qrMs?: number) {}

  /** Resolves with the first QR: WhatsApp waits for us to be linked. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** When the last QR is over, and with it the connection and any pairing code. */
  get endsAt(): number {
    const life = this.qrMs ? QRS * this.qrMs : FIRST_QR_MS + (QRS - 1) * NEXT_QR_MS;
    return (this.#firstAt ?? Date.now()) + life;
  }

  qr(code: string): EngineEvent {
    const life = this.qrMs ?? (this.#firstAt === undefined ? FIRST_QR_MS : NEXT_QR_MS);
    this.#firstAt ??= Date.now();
    this.#begun.resolve();
    return { type: 'qr', code, expiresAt: Date.now() + life };
  }
}

/**
 * Asks for a code to type on the phone, from a socket that has had its first QR.
 * @param phone digits; anything else in it is left out
 */
export async function pairingCode(
  sock: WASocket,
  creds: AuthenticationCreds,
  phone: string,
): Promise<string> {
  if (creds.account) throw new EngineError('refused', 'Already linked');
  // WhatsApp accepts no other names of devices here than browsers and systems that it knows.
  sock.ws.config.browser[0] = 'Mac OS';
  return sock.requestPairingCode(phone.replace(/\D/g, ''));
}

import { EngineError } from '../engine-error.js';
import type { WASocket } from './baileys.js';

/** Resolves when WhatsApp answers; rejects with `timeout` when it does not. */
export async function ping(sock: WASocket, timeoutMs: number): Promise<void> {
  const question = {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' },
    content: [{ tag: 'ping', attrs: {} }],
  };
  const answer = await sock.query(question, timeoutMs);
  // rc14 resolves with undefined when nobody answers (`lib/Socket/socket.js`, waitForMessage).
  if (!answer) throw new EngineError('timeout', 'WhatsApp did not answer a ping');
}

import { Boom } from '@hapi/boom';
import { EngineError } from '../engine-error.js';

/**
 * What a rejection of rc14 means. `relayMessage` (`lib/Socket/messages-send.js`) asks WhatsApp for
 * devices and keys, encrypts, and writes the stanza last: a refused or impossible step before it
 * certainly sent nothing, and so did a socket found closed. A timeout (408) or an error of the
 * writing itself leaves it open.
 */
export function sendFailure(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const fail = (code: EngineError['code'], message: string, certainlyNotSent: boolean) =>
    new EngineError(code, message, certainlyNotSent, { cause: error });
  if (error instanceof Boom) {
    const status = error.output.statusCode;
    if (status === 428) return fail('not-connected', 'The connection is closed', true);
    if (status === 408) return fail('timeout', 'WhatsApp did not answer in time', false);
    if (reason === 'All encryptions failed') {
      return fail('not-on-whatsapp', 'WhatsApp gave no keys for the recipient', true);
    }
    return fail('refused', `WhatsApp refused: ${reason}`, true);
  }
  if (error instanceof TypeError) return fail('refused', `Unexpected answer: ${reason}`, true);
  return fail('refused', `Sending failed: ${reason}`, false);
}

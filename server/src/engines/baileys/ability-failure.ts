import { Boom } from '@hapi/boom';
import { EngineError } from '../engine-error.js';
import { sendFailure } from './send-failure.js';

const MEANINGS: Record<number, [EngineError['code'], string]> = {
  401: ['not-allowed', 'WhatsApp does not show or allow this to us'],
  403: ['not-allowed', 'WhatsApp allows this only to others, as to admins of the group'],
  404: ['not-found', 'WhatsApp does not know it'],
  406: ['not-found', 'WhatsApp does not accept it: the code or number is not valid'],
  410: ['not-found', 'It is no longer valid'],
};

/** What a refused question means. rc14 keeps WhatsApp's number in `data` of its error. */
export function abilityFailure(error: unknown): EngineError {
  const cause = error instanceof EngineError ? error.cause : error;
  const number = cause instanceof Boom && typeof cause.data === 'number' ? cause.data : undefined;
  const [code, text] = MEANINGS[number ?? 0] ?? [];
  return code && text ? new EngineError(code, text, true, { cause }) : sendFailure(error);
}

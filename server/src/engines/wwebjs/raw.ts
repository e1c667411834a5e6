import { z } from 'zod';
import { EngineError } from '../engine-error.js';

/** The engine's encoding of a message: the page's data of it as JSON, of which it needs the key. */
const Raw = z.looseObject({ id: z.looseObject({ _serialized: z.string() }) });

/** The page's key of a stored message. @throws {EngineError} for one of another engine */
export function keyIn(raw: Uint8Array): string {
  try {
    return Raw.parse(JSON.parse(Buffer.from(raw).toString())).id._serialized;
  } catch {
    throw new EngineError('unsupported', 'Another engine brought the message', true);
  }
}

/** Of a message that we send, the key is all that is needed of it later. */
export function rawOfSent(key: string): Uint8Array {
  return Buffer.from(JSON.stringify({ id: { _serialized: key } }));
}

import type { PhoneMessage } from '../message-log.js';
import { sendMessage } from '../outgoing.js';
import type { PhoneContext } from '../phone-context.js';
import { type Saying, write } from './write.js';

/**
 * Sends a message of any kind but files.
 * @param chat phone digits, a group jid or `status@broadcast`
 * @param id see `sendMessage`
 * @throws PhoneError
 */
export async function say(
  context: PhoneContext,
  chat: string,
  saying: Saying,
  id?: string,
): Promise<PhoneMessage> {
  return await sendMessage(context, chat, write(context, chat, saying), id);
}

/** Sends a message that was encoded elsewhere, byte for byte: also one of a kind unknown here. */
export async function sayEncoded(
  context: PhoneContext,
  chat: string,
  encoded: Uint8Array,
): Promise<PhoneMessage> {
  return await sendMessage(context, chat, encoded);
}

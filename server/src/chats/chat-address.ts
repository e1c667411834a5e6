import { ApiError } from '../http/api-error.js';
import { normalizeJid, parseJid, pnJidOf } from '../whatsapp/jid.js';

/**
 * The jid that a client means by a chat id: a chat's id as we gave it out, any jid, or a phone
 * number in international form (a leading "+" and separators are accepted). Throws `invalid_chat`.
 */
export function chatJidOf(chatId: string): string {
  const text = chatId.trim();
  if (/^\+?[\d\s().-]+$/.test(text)) {
    const digits = text.replace(/\D/g, '');
    if (!/^[1-9]\d{6,14}$/.test(digits)) {
      throw new ApiError(
        'invalid_chat',
        'A phone number needs its country code and 7 to 15 digits',
      );
    }
    return pnJidOf(digits);
  }
  if (!parseJid(text)?.user) {
    throw new ApiError('invalid_chat', 'chatId must be a chat id, a phone number or a jid');
  }
  return normalizeJid(text);
}

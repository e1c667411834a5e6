import { ApiError } from '../http/api-error.js';
import { isLidJid, isPnJid, normalizeJid, parseJid, pnJidOf } from '../whatsapp/jid.js';

const LIKE_A_PHONE = /^\+?[\d\s().-]+$/;
const PHONE = /^[1-9]\d{6,14}$/;

/**
 * The jid that a client means by a chat id: a chat's id as we gave it out, any jid, or a phone
 * number in international form (a leading "+" and separators are accepted). Throws `invalid_chat`.
 */
export function chatJidOf(chatId: string): string {
  const text = chatId.trim();
  if (LIKE_A_PHONE.test(text)) {
    const digits = text.replace(/\D/g, '');
    if (!PHONE.test(digits)) {
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

/** The jid of a person, by phone number or jid; throws `invalid_chat` for groups and the like. */
export function personOf(contactId: string): string {
  const jid = chatJidOf(contactId);
  if (isPnJid(jid) || isLidJid(jid)) return jid;
  throw new ApiError('invalid_chat', `${contactId} is not a person's phone number or jid`);
}

/** A phone number's digits; throws `invalid_phone`. */
export function phoneDigits(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (LIKE_A_PHONE.test(phone.trim()) && PHONE.test(digits)) return digits;
  throw new ApiError('invalid_phone', `"${phone}" is not a phone number with its country code`);
}

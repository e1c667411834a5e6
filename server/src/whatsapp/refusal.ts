import type { SendFailureCode } from '@patchbay/contract';

/** What WhatsApp's error ack to a message means (`<ack class=message error=463>`). */
export interface Refusal {
  code: SendFailureCode;
  /** For people. */
  meaning: string;
  /** The account is held back, not just this message refused. */
  restricts: boolean;
}

/** The numbers are WhatsApp's; their meanings as in rc14 `lib/Utils/decode-wa-message.js`. */
export function refusalOf(number: number, inGroup: boolean): Refusal {
  if (number === 463) {
    const meaning = 'WhatsApp does not let this account start new chats for now';
    return { code: 'restricted', meaning, restricts: true };
  }
  if (number === 479) {
    return { code: 'malformed', meaning: 'WhatsApp found the message malformed', restricts: false };
  }
  if (inGroup && [403, 404, 421].includes(number)) {
    const meaning = 'We are not in the group, or may not write there';
    return { code: 'not_in_group', meaning, restricts: false };
  }
  return { code: 'refused', meaning: 'WhatsApp refused the message', restricts: false };
}

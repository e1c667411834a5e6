import type { CountryCode } from 'libphonenumber-js';
import {
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js';

export type { CountryCode };
export { isSupportedCountry };

/** How phone numbers that people write are understood. */
export interface NumberPlan {
  /** The country of numbers that are written without a country code; absent: all need one. */
  defaultCountry?: CountryCode | undefined;
  /** Whether the numbers of simulated phones (999..., a code that no country has) are taken too. */
  simulated?: boolean;
}

/** The number in E.164 digits, without "+"; or what is wrong with the text, to follow its name. */
export type ReadPhone = { digits: string; problem?: never } | { digits?: never; problem: string };

const LIKE_A_PHONE = /^\+?[\d\s().\-/]+$/;
const SIMULATED = /^999\d{4,12}$/;
/** Mobiles of Mexico, as WhatsApp still names them: with a 1 that the numbers themselves lost in 2019. */
const MEXICAN = /^521(\d{10})$/;

/**
 * Reads a phone number as people write it: with separators, with "+" or "00" before the country code,
 * with bare digits country code first, or in the national form of the default country. Says nothing
 * about whether somebody has it, nor whether it is on WhatsApp, which may name it otherwise.
 */
export function readPhone(text: string, { defaultCountry, simulated }: NumberPlan): ReadPhone {
  const written = text.trim();
  if (!LIKE_A_PHONE.test(written)) {
    return {
      problem: 'must be a phone number: digits, perhaps with "+", spaces, "-", "." and "()"',
    };
  }
  const digits = written.replace(/\D/g, '');
  const isFull = written.startsWith('+') || digits.startsWith('00');
  const international = digits.replace(/^00/, '');
  if (simulated && SIMULATED.test(international)) return { digits: international };
  const national = isFull || !defaultCountry ? undefined : readAs(digits, defaultCountry);
  if (national?.digits !== undefined) return national;
  const mexican = MEXICAN.exec(international);
  if (mexican && readAs(`+52${mexican[1]}`).digits) return { digits: international };
  const full = readAs(`+${international}`);
  return full.digits === undefined && national ? national : full;
}

function readAs(text: string, country?: CountryCode): ReadPhone {
  const length = validatePhoneNumberLength(text, country);
  if (length) return { problem: PROBLEMS[length] };
  const number = parsePhoneNumberFromString(text, country);
  if (number?.isValid()) return { digits: number.number.slice(1) };
  const under = number ? ` under +${number.countryCallingCode}` : '';
  return { problem: `is not a number that exists${under}` };
}

const PROBLEMS = {
  INVALID_COUNTRY:
    'does not begin with the code of a country; write it in full, like +51 987 654 321',
  NOT_A_NUMBER: 'is not a phone number',
  TOO_SHORT: 'is too short for a phone number of its country',
  TOO_LONG: 'is too long for a phone number of its country',
  INVALID_LENGTH: 'has a length that no phone number of its country has',
} as const;

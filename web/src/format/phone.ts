import { PHONE_DIGITS } from '@patchbay/contract';

// Country codes have one digit (1, 7), two (these), or three (all others).
const TWO_DIGIT_CODES = new Set(
  (
    '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 ' +
    '81 82 84 86 90 91 92 93 94 95 98'
  ).split(' '),
);

/** Digits with country code → "+51 987 654 321". Anything else is returned as it is. */
export function formatPhone(digits: string): string {
  if (!/^[1-9][0-9]{5,14}$/.test(digits)) return digits;
  const codeLength = /^[17]/.test(digits) ? 1 : TWO_DIGIT_CODES.has(digits.slice(0, 2)) ? 2 : 3;
  const rest = digits.slice(codeLength);
  const groups: string[] = [];
  let at = 0;
  while (rest.length - at > 4) {
    groups.push(rest.slice(at, at + 3));
    at += 3;
  }
  groups.push(rest.slice(at));
  return `+${digits.slice(0, codeLength)} ${groups.join(' ')}`;
}

/** What a person typed as a number → digits with country code, or null when it cannot be one. */
export function parsePhone(typed: string): string | null {
  const digits = typed
    .trim()
    .replace(/[\s().\-/\u00a0\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/^(\+|00)/, '');
  return PHONE_DIGITS.test(digits) ? digits : null;
}

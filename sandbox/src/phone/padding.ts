import { randomInt } from 'node:crypto';

/** Adds 1 to 16 bytes, each equal to their number (baileys Utils/generics.js, writeRandomPadMax16). */
export function padMessage(plain: Uint8Array, length = randomInt(1, 17)): Uint8Array {
  return Buffer.concat([plain, Buffer.alloc(length, length)]);
}

/** @throws Error when the bytes do not end in a valid padding. */
export function unpadMessage(padded: Uint8Array): Uint8Array {
  const length = padded.at(-1) ?? 0;
  if (length === 0 || length > 16 || length > padded.length) {
    throw new Error(`message padding is invalid: last byte ${length} of ${padded.length}`);
  }
  return padded.subarray(0, padded.length - length);
}

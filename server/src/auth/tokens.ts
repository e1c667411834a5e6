import { createHash, randomBytes } from 'node:crypto';

/** A browser that is not used for this long has to sign in again (ms). */
export const LOGIN_LIFE = 30 * 24 * 60 * 60 * 1000;

/** A secret for somebody to keep: 32 random bytes after what says what it is. */
export function newToken(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token: it is random enough that a quick hash cannot be turned back. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

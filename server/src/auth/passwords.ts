import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../http/api-error.js';

/** OWASP's parameters for scrypt in 32 MB: about a tenth of a second of one core. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT = 16;
const LENGTH = 32;

/** Passwords that are worked on at a time, and that may wait for it. */
const AT_ONCE = 2;
const WAITING = 64;

let running = 0;
const queue: (() => void)[] = [];

/** A password as it is stored: `scrypt$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** Takes as long for nobody's password as for a wrong one. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt = '', hash = ''] = (stored ?? NOBODY).split('$');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'));
  return stored !== null && given.length === expected.length && timingSafeEqual(given, expected);
}

const NOBODY = `scrypt$${Buffer.alloc(SALT).toString('base64url')}$${Buffer.alloc(LENGTH).toString('base64url')}`;

/** In the pool of threads, few at a time: many who sign in at once must not take all its memory. */
async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING) throw new ApiError('rate_limited', 'Too many sign in at once', 5);
    await new Promise<void>((resolve) => queue.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, LENGTH, COST, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  } finally {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  }
}

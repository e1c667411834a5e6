import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/**
 * Random bytes of the system, as `crypto.randomBytes` gives them; it is asked for many at once,
 * because asking costs more than sealing what they are for. At most 8192.
 */
export function pooledRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  // What was given out is nowhere else.
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}

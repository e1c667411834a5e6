import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes.js';

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1400, '1.4 kB'],
    [45_000, '45 kB'],
    [16_777_216, '17 MB'],
    [2_100_000_000, '2.1 GB'],
  ])('of %d bytes is shown as %s', (bytes, shown) => {
    expect(formatBytes(bytes, 'en')).toBe(shown);
  });
});

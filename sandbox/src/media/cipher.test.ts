import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openMedia, sealMedia } from './cipher.js';

describe('a sealed file', () => {
  it.each([0, 15, 16, 100_000])('of %d bytes opens', (size) => {
    const file = randomBytes(size);
    const { blob, ...keys } = sealMedia(file, 'video');
    expect(openMedia(blob, 'video', keys).equals(file)).toBe(true);
  });

  it('does not open when it was changed, or for another kind', () => {
    const { blob, ...keys } = sealMedia(randomBytes(1000), 'image');
    expect(() => openMedia(blob, 'audio', keys)).toThrow('MAC');
    blob[500] = (blob[500] ?? 0) ^ 1;
    expect(() => openMedia(blob, 'image', keys)).toThrow('hash');
  });
});

import { expect, test } from 'vitest';
import { pooledRandomBytes } from './random-pool.js';

test('gives nothing out twice, and as much as asked for', () => {
  const given = Array.from({ length: 5000 }, () => pooledRandomBytes(12).toString('hex'));
  expect(new Set(given).size).toBe(5000);
  expect(given.every((hex) => hex.length === 24)).toBe(true);
  expect(pooledRandomBytes(8192).subarray(-100).some(Boolean)).toBe(true);
});

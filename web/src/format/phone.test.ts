import { expect, test } from 'vitest';
import { formatPhone, parsePhone } from './phone.js';

test('numbers are shown in international form', () => {
  expect(formatPhone('51987654321')).toBe('+51 987 654 321');
  expect(formatPhone('14155550123')).toBe('+1 415 555 0123');
  expect(formatPhone('971501234567')).toBe('+971 501 234 567');
  expect(formatPhone('not a number')).toBe('not a number');
});

test('a number is understood as people write it', () => {
  expect(parsePhone(' +51 987-654-321 ')).toBe('51987654321');
  expect(parsePhone('0051 (987) 654 321')).toBe('51987654321');
  expect(parsePhone('\u202a+51 987 654 321\u202c')).toBe('51987654321');
});

test('what cannot be a number with its country code is refused', () => {
  expect(parsePhone('0987 654 321')).toBeNull();
  expect(parsePhone('+51 98')).toBeNull();
  expect(parsePhone('Ana')).toBeNull();
});

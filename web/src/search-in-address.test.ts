import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search-in-address.js';

test('ids of digits stay as they are, however long', () => {
  const search = { chat: '120363041234567890', q: 'a&b = c', show: 'dead' };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
  expect(stringifySearch({ chat: '51987654321' })).toBe('?chat=51987654321');
});

test('what is not set is not shown', () => {
  expect(stringifySearch({ add: true, chat: undefined })).toBe('?add=true');
  expect(stringifySearch({ chat: undefined })).toBe('');
});

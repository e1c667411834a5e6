import { expect, it } from 'vitest';
import { newMessageId } from './message-id.js';

it('looks as an id of WhatsApp Web and does not repeat', () => {
  const ids = Array.from({ length: 100 }, newMessageId);
  for (const id of ids) expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
  expect(new Set(ids).size).toBe(100);
});

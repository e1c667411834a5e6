import { describe, expect, it } from 'vitest';
import { maskPhones } from './logging.js';

describe('log lines', () => {
  it.each([
    ['"jid":"5511987654399@s.whatsapp.net"', '"jid":"55*********99@s.whatsapp.net"'],
    ['"jid":"51999888777:12@s.whatsapp.net"', '"jid":"51*******77:12@s.whatsapp.net"'],
    ['"phone":"51999888777"', '"phone":"51*******77"'],
    ['call +51999888777 now', 'call +51*******77 now'],
    ['"lid":"163613682024316@lid"', '"lid":"16***********16@lid"'],
  ])('mask %s', (line, masked) => {
    expect(maskPhones(line)).toBe(masked);
  });

  it.each([
    '"time":"2026-11-21T02:44:30.510Z"',
    '"port":3000',
    '"until":1795229072000',
    '"id":"3EB0C4B224098089D011E6"',
  ])('leave %s', (line) => {
    expect(maskPhones(line)).toBe(line);
  });
});

import { describe, expect, it } from 'vitest';
import { SecretBox } from '../secrets/secret-box.js';
import { ForwardedMark } from './forwarded-mark.js';

describe('the mark of a forwarded request', () => {
  const mark = new ForwardedMark(new SecretBox(Buffer.from('the secret of the instance'), true));
  const request = { method: 'POST', url: '/api/sessions/main/restart' };
  const now = 1_700_000_000_000;

  it('carries the address of the client', () => {
    for (const address of ['192.0.2.7', '2001:db8::1']) {
      const made = mark.make(request, address, now);
      expect(mark.read(made, request, now + 30_000)).toBe(address);
    }
  });

  it('is refused for another request, another address, another secret, and when it is old', () => {
    const made = mark.make(request, '192.0.2.7', now);
    const [at, , signature] = made.split('.');
    const elsewhere = new ForwardedMark(new SecretBox(Buffer.from('another secret'), true));
    const refused = [
      () => mark.read(made, { ...request, url: '/api/sessions/other/restart' }, now),
      () => mark.read(made, { ...request, method: 'DELETE' }, now),
      () =>
        mark.read(`${at}.${Buffer.from('::1').toString('base64url')}.${signature}`, request, now),
      () => elsewhere.read(made, request, now),
      () => mark.read(made, request, now + 61_000),
      () => mark.read('', request, now),
      () => mark.read('1.2.3', request, now),
    ];
    for (const read of refused) expect(read).toThrow(/x-patchbay-forwarded/);
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LinkRefusal, parseLinkQr } from './link-qr.js';

const [noise, identity, adv] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const fields = ['2@ref+/=', ...[noise, identity, adv].map((key) => key.toString('base64'))];

describe('parseLinkQr', () => {
  it('reads the form of baileys 7, with address and platform', () => {
    const qr = parseLinkQr(
      ` https://wa.me/settings/linked_devices#${[...fields, '1'].join(',')}\n`,
    );
    expect(qr).toEqual({
      ref: '2@ref+/=',
      noiseKey: noise,
      identityKey: identity,
      advSecret: adv,
      platform: '1',
    });
  });

  it('reads the older bare form', () => {
    expect(parseLinkQr(fields.join(','))).toEqual({
      ref: '2@ref+/=',
      noiseKey: noise,
      identityKey: identity,
      advSecret: adv,
    });
  });

  it.each([
    ['https://example.org/', /web address/],
    ['hello', /has 1/],
    [['ref', 'short', fields[2], fields[3]].join(','), /noise key/],
    [['', ...fields.slice(1)].join(','), /empty reference/],
  ])('refuses %s with a reason', (text, reason) => {
    expect(() => parseLinkQr(text)).toThrow(LinkRefusal);
    expect(() => parseLinkQr(text)).toThrow(reason);
  });
});

import { describe, expect, it } from 'vitest';
import { rangeOf, safeHeaders } from './serving.js';

describe('a range', () => {
  it.each([
    [undefined, 'all'],
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=90-200', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-200', { start: 0, end: 99 }],
    ['bytes=100-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=20-10', 'all'],
    ['bytes=-', 'all'],
    ['bytes=0-1,5-6', 'all'],
    ['lines=1-2', 'all'],
  ])('%s of 100 bytes', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected);
  });
});

describe('a file', () => {
  const type = (mimetype?: string) => safeHeaders(mimetype, undefined, false);

  it.each([
    ['image/jpeg', 'image/jpeg', 'inline'],
    ['audio/ogg; codecs=opus', 'audio/ogg', 'inline'],
    ['application/pdf', 'application/pdf', 'attachment'],
    ['text/html', 'application/octet-stream', 'attachment'],
    ['TEXT/HTML; charset=utf-8', 'application/octet-stream', 'attachment'],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['application/xhtml+xml', 'application/octet-stream', 'attachment'],
    ['text/xml', 'application/octet-stream', 'attachment'],
    ['text/javascript', 'application/octet-stream', 'attachment'],
    ['multipart/x-mixed-replace', 'application/octet-stream', 'attachment'],
    ['image/jpeg\r\nset-cookie: a=b', 'application/octet-stream', 'attachment'],
    [undefined, 'application/octet-stream', 'attachment'],
  ])('of type %s is served as %s, %s', (mimetype, served, kind) => {
    expect(type(mimetype)).toMatchObject({
      'content-type': served,
      'content-disposition': kind,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  it('is saved under its own name, and no name breaks the header', () => {
    const named = (name: string) => safeHeaders('image/png', name, true)['content-disposition'];
    expect(named('a b.png')).toBe(`attachment; filename="a b.png"; filename*=UTF-8''a%20b.png`);
    expect(named('日本"\r\nx/../é.html')).toContain('filename="___x_..__.html"');
    expect(named('日本"\r\nx/../é.html')).toMatch(/^[\x20-\x7e]+$/);
    expect(named('\ud800.png')).toContain('%EF%BF%BD.png');
    expect(named('invoice\u202efdp.exe')).toContain('filename="invoicefdp.exe"');
  });
});

import { describe, expect, it } from 'vitest';
import {
  isBroadcastJid,
  isGroupJid,
  isLidJid,
  isNewsletterJid,
  isPnJid,
  isSameUser,
  isStatusJid,
  lidJidOf,
  normalizeJid,
  parseJid,
  phoneOf,
  pnJidOf,
  userOf,
} from './jid.js';

describe('jid', () => {
  it('splits user, device and server', () => {
    expect(parseJid('4912345@s.whatsapp.net')).toEqual({
      user: '4912345',
      server: 's.whatsapp.net',
    });
    expect(parseJid('4912345:7@s.whatsapp.net')?.device).toBe(7);
    expect(parseJid('4912345_1:0@lid')).toEqual({ user: '4912345', server: 'lid', device: 0 });
    expect(parseJid('@g.us')).toEqual({ user: '', server: 'g.us' });
    expect(parseJid('4912345')).toBeUndefined();
    expect(parseJid('4912345@')).toBeUndefined();
  });

  it('normalises persons and leaves the rest', () => {
    expect(normalizeJid('4912345:7@s.whatsapp.net')).toBe('4912345@s.whatsapp.net');
    expect(normalizeJid('4912345@c.us')).toBe('4912345@s.whatsapp.net');
    expect(normalizeJid('4912345:99@hosted')).toBe('4912345@s.whatsapp.net');
    expect(normalizeJid('77:3@lid')).toBe('77@lid');
    expect(normalizeJid('77:99@hosted.lid')).toBe('77@lid');
    for (const jid of ['120363-1@g.us', 'status@broadcast', '1203@newsletter', 'nonsense']) {
      expect(normalizeJid(jid)).toBe(jid);
    }
  });

  it('knows the kinds', () => {
    expect([isPnJid('1@s.whatsapp.net'), isPnJid('1@lid'), isPnJid('1@g.us')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isLidJid('1@lid'), isLidJid('1:2@hosted.lid'), isLidJid('1@c.us')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isGroupJid('1203-4@g.us')).toBe(true);
    expect([isStatusJid('status@broadcast'), isStatusJid('1@broadcast')]).toEqual([true, false]);
    expect(isBroadcastJid('1@broadcast')).toBe(true);
    expect(isNewsletterJid('1@newsletter')).toBe(true);
  });

  it('compares accounts, not devices', () => {
    expect(isSameUser('1:2@lid', '1@lid')).toBe(true);
    expect(isSameUser('1@lid', '1@s.whatsapp.net')).toBe(false);
    expect(isSameUser(undefined, undefined)).toBe(false);
  });

  it('makes jids of numbers and back', () => {
    expect(pnJidOf('+49 123-45')).toBe('4912345@s.whatsapp.net');
    expect(lidJidOf('99')).toBe('99@lid');
    expect(phoneOf('4912345:2@s.whatsapp.net')).toBe('4912345');
    expect(phoneOf('99@lid')).toBeUndefined();
    expect(userOf('99:1@lid')).toBe('99');
  });
});

import { jidDecode } from 'baileys/lib/WABinary/index.js';

/** How a person is addressed: by phone number or by LID. */
export type AddressForm = 'pn' | 'lid';

export const SERVER = '@s.whatsapp.net';

export interface Address {
  user: string;
  server: string;
  /** 0 when the jid names none: that is the phone. */
  device: number;
}

export function parseJid(jid: string | undefined): Address | undefined {
  const decoded = jid === undefined ? undefined : jidDecode(jid);
  return decoded && { user: decoded.user, server: decoded.server, device: decoded.device ?? 0 };
}

export function formOf(jid: string): AddressForm {
  return jid.endsWith('@lid') ? 'lid' : 'pn';
}

export function isGroup(jid: string): boolean {
  return jid.endsWith('@g.us');
}

/** `123@lid` and 5 → `123:5@lid`; device 0 has no suffix. */
export function withDevice(jid: string, device: number): string {
  return device ? jid.replace('@', `:${device}@`) : jid;
}

/** A chat that many read under one key: a group, or everybody's status posts. */
export function isShared(jid: string): boolean {
  return isGroup(jid) || jid === STATUS_JID;
}

export const STATUS_JID = 'status@broadcast';

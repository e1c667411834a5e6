import { randomBytes } from 'node:crypto';
import type { Account, CompanionInfo, PhoneStore } from '../protocol/seam.js';
import { parseJid } from './directory.js';

/** Linked pages are numbered from here, above all devices on the wire. */
const FIRST = 100;
const PREFIX = 'page/';
const NEXT = 'next-page';

interface PageRecord {
  device: number;
  token: string;
  os: string;
  /** Seconds since 1970. */
  linkedAt: number;
}

/** What a page proves itself with. */
export interface PageLogin {
  device: number;
  token: string;
}

/**
 * The pages that are linked to a phone. They have no keys of their own: in this process they see the
 * messages as the phone does, and the phone speaks for them.
 */
export class PageDevices {
  /** Those whose page is open. */
  readonly connected = new Set<number>();

  constructor(private readonly store: PhoneStore) {}

  link(): PageLogin {
    const device = Number(this.store.get(NEXT)?.toString() ?? FIRST);
    const token = randomBytes(24).toString('base64url');
    this.store.set(NEXT, Buffer.from(String(device + 1)));
    this.keep({ device, token, os: '', linkedAt: Math.floor(Date.now() / 1000) });
    return { device, token };
  }

  /** How the page calls itself. */
  name(device: number, os: string): void {
    const record = this.records().find((each) => each.device === device);
    if (record) this.keep({ ...record, os });
  }

  knows({ device, token }: PageLogin): boolean {
    return this.records().some((record) => record.device === device && record.token === token);
  }

  /** @returns false when there is none of that number */
  forget(device: number): boolean {
    if (!this.store.get(PREFIX + device)) return false;
    this.store.delete(PREFIX + device);
    return true;
  }

  list({ phone, lid }: Account): CompanionInfo[] {
    return this.records().map(({ device, os, linkedAt }) => ({
      device,
      jid: `${phone}:${device}@s.whatsapp.net`,
      lid: `${parseJid(lid).user}:${device}@lid`,
      keyIndex: 0,
      os,
      platform: 'CHROME',
      connected: this.connected.has(device),
      linkedAt,
    }));
  }

  private keep(record: PageRecord): void {
    this.store.set(PREFIX + record.device, Buffer.from(JSON.stringify(record)));
  }

  private records(): PageRecord[] {
    return this.store.list(PREFIX).map(({ value }) => JSON.parse(value.toString()) as PageRecord);
  }
}

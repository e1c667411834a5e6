import type { Account, SandboxServer } from '../protocol/seam.js';

/** The parts of `user[:device]@server`. */
export interface JidParts {
  user: string;
  device: number;
  server: string;
}

/** Where status posts are sent to and come from. */
export const STATUS_JID = 'status@broadcast';

export function parseJid(jid: string): JidParts {
  const [local = '', server = ''] = jid.split('@');
  const [user = '', device = '0'] = local.split(':');
  return { user, device: Number(device), server };
}

export function isGroupJid(jid: string): boolean {
  return jid.endsWith('@g.us');
}

/** A chat that many read under one key: a group, or the status posts of everybody. */
export function isSharedJid(jid: string): boolean {
  return isGroupJid(jid) || jid === STATUS_JID;
}

/** The jid of one device of an account, in LID form. Device 0, the phone, is written without a number. */
export function lidDeviceJid(account: Account, device: number): string {
  const { user } = parseJid(account.lid);
  return device === 0 ? account.lid : `${user}:${device}@lid`;
}

/** Finds accounts by either of their two names (phone number and LID). */
export class Directory {
  private readonly byLid = new Map<string, string>();

  constructor(private readonly server: Pick<SandboxServer, 'account' | 'accounts'>) {}

  byPhone(phone: string): Account | undefined {
    return this.server.account(phone);
  }

  /** The account of a device's or a user's jid; undefined for groups and strangers. */
  byJid(jid: string): Account | undefined {
    const { user, server } = parseJid(jid);
    if (server !== 'lid')
      return server === 's.whatsapp.net' ? this.server.account(user) : undefined;
    if (!this.byLid.has(user)) {
      for (const account of this.server.accounts()) {
        this.byLid.set(parseJid(account.lid).user, account.phone);
      }
    }
    const phone = this.byLid.get(user);
    return phone === undefined ? undefined : this.server.account(phone);
  }
}

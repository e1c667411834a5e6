import { randomInt } from 'node:crypto';
import { type AddressForm, parseJid, withDevice } from './jid.js';
import type { Store } from './store.js';

export interface AccountRecord {
  phone: string;
  pn: string;
  lid: string;
  name: string;
  /** Index of the next companion: never given twice. */
  nextDevice: number;
  privacy: Record<string, string>;
  /** Blocked jids, as the client named them. */
  blocked: string[];
  /** The text that others see below the name. */
  about?: string;
  aboutAt?: number;
  pictureId?: string;
}

/** The public half of a device's Signal keys; binary fields in base64. */
export interface KeyBundle {
  registrationId: number;
  identity: string;
  signedPreKey: { id: number; value: string; signature: string };
}

export interface DeviceRecord {
  /** `<phone>:<index>`, the name of the device's queue. */
  key: string;
  phone: string;
  /** 0 is the phone. */
  index: number;
  /** Base64; a phone has none. */
  noiseKey?: string;
  keyIndex: number;
  os: string;
  platform: string;
  linkedAt: number;
  bundle?: KeyBundle;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
export const deviceKey = (phone: string, index: number): string => `${phone}:${index}`;

/** Accounts and their devices: everything the server knows about people, kept in memory and on disk. */
export class World {
  private readonly byPhone = new Map<string, AccountRecord>();
  private readonly byLidUser = new Map<string, AccountRecord>();
  private readonly devices = new Map<string, Map<number, DeviceRecord>>();
  private readonly sql;

  constructor(private readonly store: Store) {
    this.sql = {
      putAccount: store.prepare('INSERT OR REPLACE INTO account (phone, json) VALUES (?, ?)'),
      putDevice: store.prepare('INSERT OR REPLACE INTO device (key, json) VALUES (?, ?)'),
      dropDevice: store.prepare('DELETE FROM device WHERE key = ?'),
    };
    for (const row of store.prepare('SELECT json FROM account').all() as { json: string }[]) {
      this.index(JSON.parse(row.json) as AccountRecord);
    }
    for (const row of store.prepare('SELECT json FROM device').all() as { json: string }[]) {
      const device = JSON.parse(row.json) as DeviceRecord;
      this.devicesMap(device.phone).set(device.index, device);
    }
  }

  createAccount(phone: string, name: string): AccountRecord {
    if (!/^\d{5,15}$/.test(phone)) throw new Error(`not a phone number (5 to 15 digits): ${phone}`);
    const account: AccountRecord = this.byPhone.get(phone) ?? {
      phone,
      pn: `${phone}@s.whatsapp.net`,
      lid: this.newLid(),
      name,
      nextDevice: 1,
      privacy: {},
      blocked: [],
    };
    account.name = name;
    this.index(account);
    this.saveAccount(account);
    if (!this.device(deviceKey(phone, 0))) {
      this.addDevice({ phone, index: 0, keyIndex: 0, os: 'Android', platform: 'ANDROID_PHONE' });
    }
    return account;
  }

  account(phone: string): AccountRecord | undefined {
    return this.byPhone.get(phone);
  }

  accounts(): AccountRecord[] {
    return [...this.byPhone.values()];
  }

  saveAccount(account: AccountRecord): void {
    this.store.write(this.sql.putAccount, account.phone, JSON.stringify(account));
  }

  /** The account that a PN or LID jid names, whatever its device. */
  accountOf(jid: string | undefined): AccountRecord | undefined {
    const address = parseJid(jid);
    if (address?.server === 'lid') return this.byLidUser.get(address.user);
    if (address?.server === 's.whatsapp.net') return this.byPhone.get(address.user);
    return undefined;
  }

  /** The device that a jid names (device 0 when it names none). */
  deviceOf(jid: string | undefined): DeviceRecord | undefined {
    const account = this.accountOf(jid);
    return account && this.devices.get(account.phone)?.get(parseJid(jid)!.device);
  }

  device(key: string): DeviceRecord | undefined {
    const [phone = '', index] = key.split(':');
    return this.devices.get(phone)?.get(Number(index));
  }

  /** All devices of an account, the phone first. */
  devicesOf(phone: string): DeviceRecord[] {
    const devices = this.devices.get(phone);
    return devices ? [...devices.values()].sort((a, b) => a.index - b.index) : [];
  }

  addDevice(device: Omit<DeviceRecord, 'key' | 'linkedAt'>): DeviceRecord {
    const record = {
      ...device,
      key: deviceKey(device.phone, device.index),
      linkedAt: nowSeconds(),
    };
    this.devicesMap(device.phone).set(device.index, record);
    this.saveDevice(record);
    return record;
  }

  /** Takes the next free index: 1 and up, but 99, which means a hosted device to clients. */
  nextDeviceIndex(account: AccountRecord): number {
    const index = account.nextDevice === 99 ? 100 : account.nextDevice;
    account.nextDevice = index + 1;
    this.saveAccount(account);
    return index;
  }

  saveDevice(device: DeviceRecord): void {
    this.store.write(this.sql.putDevice, device.key, JSON.stringify(device));
  }

  removeDevice(device: DeviceRecord): void {
    this.devices.get(device.phone)?.delete(device.index);
    this.store.write(this.sql.dropDevice, device.key);
  }

  /** The address of an account, without a device. */
  userJid(phone: string, form: AddressForm): string {
    const account = this.byPhone.get(phone);
    if (!account) throw new Error(`no account ${phone}`);
    return form === 'lid' ? account.lid : account.pn;
  }

  deviceJid(device: DeviceRecord, form: AddressForm): string {
    return withDevice(this.userJid(device.phone, form), device.index);
  }

  private index(account: AccountRecord): void {
    this.byPhone.set(account.phone, account);
    this.byLidUser.set(parseJid(account.lid)!.user, account);
  }

  private devicesMap(phone: string): Map<number, DeviceRecord> {
    let map = this.devices.get(phone);
    if (!map) {
      map = new Map();
      this.devices.set(phone, map);
    }
    return map;
  }

  private newLid(): string {
    for (;;) {
      const user = `1${randomInt(1e6, 1e7)}${randomInt(1e6, 1e7)}`;
      if (!this.byLidUser.has(user)) return `${user}@lid`;
    }
  }
}

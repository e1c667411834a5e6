import { createHash } from 'node:crypto';
import type { AuthStore, KeyEntry } from '../engine.js';
import { packProfile, unpackProfile } from './profile-archive.js';

const KIND = 'wwebjs';
const HEAD = 'profile';
/** Bytes of a row. */
const PART = 1024 * 1024;

interface Head {
  parts: number;
  told: Told;
}

/** How much of what WhatsApp Web told is stored. */
export interface Told {
  /** All from before that moment (ms). */
  until: number;
  /** What the phone handed over at the link is stored too. */
  history: boolean;
}

const partId = (n: number) => `profile ${n}`;

/**
 * The login of a session, kept among its keys: sealed, written in one transaction under the epoch of
 * its engine, and gone with them.
 */
export class StoredProfile {
  private head: Head | undefined;
  private hash: string | undefined;
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly auth: AuthStore) {}

  /** Undefined: no phone is linked. */
  get told(): Told | undefined {
    return this.head?.told;
  }

  /** Puts what is kept where Chromium will look for it. */
  async restore(profile: string): Promise<void> {
    const head = (await this.auth.read(KIND, [HEAD])).get(HEAD);
    if (!head) return;
    const known = JSON.parse(Buffer.from(head).toString()) as Head;
    const ids = Array.from({ length: known.parts }, (_, n) => partId(n));
    const rows = await this.auth.read(KIND, ids);
    const packed = Buffer.concat(ids.map((id) => rows.get(id) ?? missing(id)));
    await unpackProfile(packed, profile);
    this.head = known;
    this.hash = hashOf(packed);
  }

  /**
   * Saves the login in a profile, unless it is saved already, and how far everything told is stored; one
   * after another.
   */
  save(profile: string, told: Told): Promise<void> {
    const saved = this.saving.then(() => this.saveNow(profile, told));
    this.saving = saved.catch(() => undefined);
    return saved;
  }

  private async saveNow(profile: string, told: Told): Promise<void> {
    const packed = await packProfile(profile);
    if (!packed) return;
    const hash = hashOf(packed);
    const parts = Math.ceil(packed.length / PART);
    const head: Head = { parts, told };
    const entries: KeyEntry[] = [
      { kind: KIND, id: HEAD, value: Buffer.from(JSON.stringify(head)) },
    ];
    const isKept = hash === this.hash;
    for (let n = 0; n < parts && !isKept; n += 1) {
      entries.push({ kind: KIND, id: partId(n), value: packed.subarray(n * PART, (n + 1) * PART) });
    }
    for (let n = parts; n < (this.head?.parts ?? 0); n += 1) {
      entries.push({ kind: KIND, id: partId(n), value: null });
    }
    await this.auth.write(entries);
    this.head = head;
    this.hash = hash;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function missing(id: string): never {
  throw new Error(`of the kept profile ${id} is missing`);
}

import type { Readable } from 'node:stream';
import type { Database } from '../db/database.js';
import type { OutgoingFile } from '../engines/engine.js';
import type { MediaRecords } from './media-records.js';
import type { ByteRange, MediaStore } from './media-store.js';
import type { Spool, SpooledFile } from './spool.js';

/** A content is left alone for so long after it was put there, whoever refers to it (ms). */
const FRESH = 60 * 60 * 1000;
const SWEEP_AT_ONCE = 200;

/** The files of all messages: written aside, kept by their hash, and removed when nobody refers to them. */
export class MediaLibrary {
  /** Hashes that are being removed: whoever wants to keep one waits. */
  private readonly sweeping = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    readonly records: MediaRecords,
    private readonly store: MediaStore,
    readonly spool: Spool,
  ) {}

  /** Takes a file from the spool into the store; durable, under its hash, when this resolves. */
  async keep({ hash, size, path }: SpooledFile): Promise<void> {
    await this.sweeping.get(hash);
    await this.database.write([this.records.keep(hash, size, Date.now())]);
    await this.store.put(hash, path);
  }

  async size(hash: string): Promise<number | undefined> {
    return await this.store.size(hash);
  }

  /** The content or a part of it; undefined when the store does not have it. */
  async read(hash: string, range?: ByteRange): Promise<Readable | undefined> {
    return await this.store.read(hash, range);
  }

  /** The file of a message that is to be sent, and its thumbnail. */
  async outgoing(sessionId: string, messageId: string): Promise<OutgoingFile | undefined> {
    const record = await this.records.find(sessionId, messageId);
    const content = record?.hash ? await this.store.read(record.hash) : undefined;
    return content && { content, thumbnail: record?.thumbnail ?? undefined };
  }

  /**
   * Removes what is no longer referred to: files of deleted messages, uploads that were never sent,
   * and with `olderThan` (ms since the epoch) files of older messages; those are fetched again from
   * WhatsApp if somebody wants them and it still has them. Resolves with the number of contents removed.
   */
  async sweep({ olderThan, fresh = FRESH }: { olderThan?: number; fresh?: number } = {}) {
    await this.database.write([
      ...this.records.forgetOrphans(),
      ...(olderThan === undefined ? [] : [this.records.release(olderThan)]),
    ]);
    const before = Date.now() - fresh;
    let removed = 0;
    for (;;) {
      const hashes = await this.records.unreferenced(before, SWEEP_AT_ONCE);
      for (const hash of hashes) if (await this.remove(hash, before)) removed++;
      if (hashes.length < SWEEP_AT_ONCE) return removed;
    }
  }

  private async remove(hash: string, before: number): Promise<boolean> {
    let done = () => {};
    this.sweeping.set(
      hash,
      new Promise((resolve) => {
        done = resolve;
      }),
    );
    try {
      const { applied } = await this.database.write([this.records.drop(hash, before)]);
      if (applied) await this.store.delete(hash);
      return applied;
    } finally {
      this.sweeping.delete(hash);
      done();
    }
  }
}

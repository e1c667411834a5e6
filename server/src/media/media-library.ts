import type { Readable } from 'node:stream';
import type { Database } from '../db/database.js';
import type { OutgoingFile } from '../engines/engine.js';
import type { MediaRecords } from './media-records.js';
import type { ByteRange, MediaStore } from './media-store.js';
import type { Spool, SpooledFile } from './spool.js';

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
   * Lets go of files of messages noted before a moment (ms since the epoch), at most `limit`; they
   * are fetched again if somebody wants them and WhatsApp still has them. Resolves with how many.
   */
  async releaseBefore(moment: number, limit: number): Promise<number> {
    const { records } = this;
    const old = await records.storedBefore(moment, limit);
    if (old.length === 0) return 0;
    await this.database.write(
      old.map(({ session_id, message_id }) =>
        records.become(session_id, message_id, { state: 'absent' }),
      ),
    );
    return old.length;
  }

  /**
   * Removes what nobody refers to any more and was put here before a moment, at most `limit`: files
   * of deleted messages, uploads that were never sent. Resolves with how many.
   */
  async sweepBefore(moment: number, limit: number): Promise<number> {
    const orphans = await this.records.orphans(limit);
    if (orphans.length > 0) {
      await this.database.write(orphans.map((key) => this.records.remove(key)));
    }
    let removed = 0;
    for (const hash of await this.records.unreferenced(moment, limit)) {
      if (await this.remove(hash, moment)) removed++;
    }
    return orphans.length + removed;
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

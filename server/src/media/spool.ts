import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A finished file that has no name in the store yet. */
export interface SpooledFile {
  path: string;
  size: number;
  /** SHA-256, hexadecimal. */
  hash: string;
}

/** More came than is allowed. */
export class TooLarge extends Error {
  constructor(readonly limit: number) {
    super(`more than ${limit} bytes`);
    this.name = 'TooLarge';
  }
}

/**
 * A folder for files that are still being written. Nothing here outlives the process: what a killed
 * one left is removed when the next one starts.
 */
export class Spool {
  constructor(private readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** A name for a file of one's own here. */
  newPath(): string {
    return join(this.folder, randomUUID());
  }

  /**
   * Writes a stream to a file, chunk by chunk, hashing on the way; on disk when this resolves. When
   * it rejects, nothing is left.
   * @param limit bytes; more is `TooLarge`
   */
  async receive(source: AsyncIterable<Uint8Array>, limit = Infinity): Promise<SpooledFile> {
    const path = this.newPath();
    const sha256 = createHash('sha256');
    let size = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of source) {
        size += chunk.length;
        if (size > limit) throw new TooLarge(limit);
        sha256.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    await file.close();
    return { path, size, hash: sha256.digest('hex') };
  }

  /** A file that somebody else wrote to a `newPath`: hashed, and on disk when this resolves. */
  async finished(path: string): Promise<SpooledFile> {
    const sha256 = createHash('sha256');
    let size = 0;
    const file = await open(path, 'r+');
    try {
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        sha256.update(chunk as Buffer);
        size += (chunk as Buffer).length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { path, size, hash: sha256.digest('hex') };
  }

  async discard({ path }: SpooledFile): Promise<void> {
    await rm(path, { force: true });
  }
}

import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange, MediaStore } from './media-store.js';

/** Contents as files of a folder, spread over 256 folders by the beginning of their hash. */
export class LocalMediaStore implements MediaStore {
  /** @param root on the same file system as the files that are put */
  constructor(private readonly root: string) {}

  async put(hash: string, path: string): Promise<void> {
    const place = this.place(hash);
    await mkdir(dirname(place), { recursive: true });
    await rename(path, place);
    // The name is part of what must survive a power cut.
    await syncFolder(dirname(place));
    await syncFolder(this.root);
  }

  async size(hash: string): Promise<number | undefined> {
    return await stat(this.place(hash)).then(({ size }) => size, absent);
  }

  async read(hash: string, range?: ByteRange): Promise<Readable | undefined> {
    const file = await open(this.place(hash), 'r').catch(absent);
    // An opened file stays readable when it is deleted meanwhile.
    return file && createReadStream('', { fd: file, ...range });
  }

  async delete(hash: string): Promise<void> {
    await rm(this.place(hash), { force: true });
  }

  private place(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('not a content hash');
    return join(this.root, hash.slice(0, 2), hash);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OutgoingFile } from '../engine.js';
import { EngineError } from '../engine-error.js';

/** Files pass to and from the process of a page in a folder, never through the channel. */
async function place(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, randomUUID());
}

/** @throws {EngineError} refused, when the file is larger (bytes) */
export async function putDown(
  { content }: OutgoingFile,
  folder: string,
  largest: number,
): Promise<string> {
  const path = await place(folder);
  let size = 0;
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      done(size > largest ? tooLarge(largest) : null, chunk);
    },
  });
  try {
    await pipeline(content, measure, createWriteStream(path, { mode: 0o600 }));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** What `write` puts at a path, as a stream that takes it away again when it ends. */
export async function downloaded(
  folder: string,
  write: (path: string) => Promise<void>,
): Promise<AsyncIterable<Uint8Array>> {
  const path = await place(folder);
  try {
    await write(path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return readOnce(path);
}

async function* readOnce(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } finally {
    await rm(path, { force: true });
  }
}

export function tooLarge(largest: number): EngineError {
  const text = `A session in a browser takes files of ${Math.floor(largest / 1024 / 1024)} MB at most`;
  return new EngineError('unsupported', text, true);
}

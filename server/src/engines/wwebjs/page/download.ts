import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { EngineError } from '../../engine-error.js';
import { tooLarge } from '../files.js';
import type { Library } from './library.js';
import type { PageMessageData } from './page-window.js';

/** Files are taken one after another: each is held whole, in base64, in page, library and here. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Writes the file of a message to a path.
 * @param largest bytes; a file that says to be larger is not asked for
 * @throws {EngineError} gone, damaged, unsupported
 */
export function download(
  library: Library,
  key: string,
  path: string,
  largest: number,
): Promise<void> {
  const done = before.then(() => downloadNow(library, key, path, largest));
  before = done.catch(() => undefined);
  return done;
}

async function downloadNow(
  library: Library,
  key: string,
  path: string,
  largest: number,
): Promise<void> {
  const message = await library.getMessageById(key);
  if (!message?.hasMedia) throw gone();
  const { size, filehash } = message.rawData as PageMessageData;
  if (size !== undefined && size > largest) throw tooLarge(largest);
  const media = await message.downloadMedia();
  if (!media) throw gone();
  const bytes = Buffer.from(media.data, 'base64');
  if (bytes.length > largest) throw tooLarge(largest);
  const hash = createHash('sha256').update(bytes).digest('base64');
  if (filehash && hash !== filehash) {
    throw new EngineError('damaged', 'The file is not the one that its message names');
  }
  await writeFile(path, bytes, { mode: 0o600 });
}

function gone(): EngineError {
  return new EngineError('gone', 'WhatsApp Web does not have the file any more');
}

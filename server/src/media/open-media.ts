import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../db/database.js';
import { LocalMediaStore } from './local-store.js';
import { MediaLibrary } from './media-library.js';
import { MediaRecords } from './media-records.js';
import type { S3Settings } from './s3-store.js';
import { S3MediaStore } from './s3-store.js';
import { Spool } from './spool.js';

/**
 * The library over a bucket if one is configured, else over `media` in the storage root. What a
 * killed process was writing is removed.
 */
export function openMediaLibrary(
  database: Database,
  storageRoot: string,
  s3: S3Settings | undefined,
): MediaLibrary {
  const folder = join(storageRoot, 'media');
  mkdirSync(folder, { recursive: true });
  const store = s3 ? new S3MediaStore(s3) : new LocalMediaStore(folder);
  const spool = new Spool(join(folder, 'incoming'));
  return new MediaLibrary(database, new MediaRecords(database), store, spool);
}

import { type Dirent } from 'node:fs';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** What of a profile holds the login; the rest is caches that Chromium makes anew. */
const KEPT = ['Default/IndexedDB', 'Default/Local Storage'];
/** Chromium's marks of a running owner. */
const OF_THE_RUN = new Set(['LOCK', 'LOG', 'LOG.old']);
/** A file that grows at its end only: its last record may be cut, the database then leaves it out. */
const GROWS = /\.log$/;
const TRIES = 5;

/** A larger one is not kept (bytes, before compression). */
const LARGEST = 512 * 1024 * 1024;

/**
 * The login in a profile as one value: for each file the length of its name, the name, its length and
 * its content, all compressed. Undefined where there is none. Chromium may be running: the copy is
 * made again when its databases were rewritten meanwhile.
 */
export async function packProfile(profile: string): Promise<Uint8Array | undefined> {
  for (let tries = 0; ; tries += 1) {
    const before = await settledFiles(profile);
    const packed = await copyOf(profile).catch((error: NodeJS.ErrnoException) => {
      // Deleted between listing and reading.
      if (error.code === 'ENOENT' && tries < TRIES) return null;
      throw error;
    });
    if (packed === undefined) return undefined;
    if (packed && before === (await settledFiles(profile))) {
      return await promisify(gzip)(packed);
    }
    if (tries >= TRIES) throw new Error('the profile changes too fast to be copied');
  }
}

/** Puts a packed login where a new Chromium finds it. */
export async function unpackProfile(packed: Uint8Array, profile: string): Promise<void> {
  const bytes = await promisify(gunzip)(packed, { maxOutputLength: LARGEST + 1024 * 1024 });
  let at = 0;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const name = take(take(4).readUInt32BE()).toString();
    const content = take(take(4).readUInt32BE());
    if (normalize(name) !== name || name.startsWith('..'))
      throw new Error(`no name of a file: ${name}`);
    const file = join(profile, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content, { mode: 0o600 });
  }
}

async function copyOf(profile: string): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const file of await filesIn(profile)) {
    const content = await readFile(join(profile, file));
    size += content.length;
    if (size > LARGEST) throw new Error(`the profile is larger than ${LARGEST} bytes`);
    parts.push(measured(Buffer.from(file)), measured(content));
  }
  return parts.length > 0 ? Buffer.concat(parts) : undefined;
}

function measured(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** What identifies the files that are only ever written whole. */
async function settledFiles(profile: string): Promise<string> {
  const described = await Promise.all(
    (await filesIn(profile))
      .filter((file) => !GROWS.test(file))
      .map(async (file) => {
        const found = await lstat(join(profile, file)).catch(() => undefined);
        return `${file} ${found?.size} ${found?.mtimeMs}`;
      }),
  );
  return described.join('\n');
}

/** Names of the kept files below the profile, in a fixed order. */
async function filesIn(profile: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of KEPT) {
    const entries = await readdir(join(profile, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch((): Dirent[] => []);
    for (const entry of entries) {
      if (!entry.isFile() || OF_THE_RUN.has(entry.name)) continue;
      found.push(relative(profile, join(entry.parentPath, entry.name)).split(sep).join('/'));
    }
  }
  return found.sort();
}

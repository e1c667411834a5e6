import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3Service } from '../testing/s3-service.js';
import { LocalMediaStore } from './local-store.js';
import type { MediaStore } from './media-store.js';
import { S3MediaStore } from './s3-store.js';

interface Place {
  store: MediaStore;
  stop(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'patchbay-media-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const s3Settings = {
  bucket: 'media',
  region: 'us-east-1',
  accessKeyId: 'a-key',
  secretAccessKey: 'its secret',
  prefix: 'patchbay/',
};

const places: Record<string, () => Promise<Place>> = {
  'a local folder': async () => ({
    store: new LocalMediaStore(join(folder, 'local')),
    stop: async () => undefined,
  }),
  'the S3 API': async () => {
    const { endpoint, stop } = await startS3Service(s3Settings);
    return { store: new S3MediaStore({ ...s3Settings, endpoint }), stop };
  },
};

function file(content: Buffer): { hash: string; path: string } {
  const hash = createHash('sha256').update(content).digest('hex');
  const path = join(folder, randomBytes(8).toString('hex'));
  writeFileSync(path, content);
  return { hash, path };
}

describe.each(Object.entries(places))('media in %s', (_, start) => {
  let place: Place;
  beforeAll(async () => {
    place = await start();
  });
  afterAll(() => place.stop());

  async function bytes(hash: string, range?: { start: number; end: number }): Promise<Buffer> {
    const stream = await place.store.read(hash, range);
    if (!stream) throw new Error('not there');
    return await buffer(stream);
  }

  it.each([0, 1, 3_000_000])('of %d bytes comes back as it was put', async (size) => {
    const content = randomBytes(size);
    const { hash, path } = file(content);
    expect(await place.store.size(hash)).toBeUndefined();
    await place.store.put(hash, path);
    expect(existsSync(path)).toBe(false);
    expect(await place.store.size(hash)).toBe(size);
    expect((await bytes(hash)).equals(content)).toBe(true);
  });

  it('comes in parts', async () => {
    const content = randomBytes(100_000);
    const { hash, path } = file(content);
    await place.store.put(hash, path);
    expect((await bytes(hash, { start: 0, end: 0 })).equals(content.subarray(0, 1))).toBe(true);
    const middle = await bytes(hash, { start: 40_000, end: 70_000 });
    expect(middle.equals(content.subarray(40_000, 70_001))).toBe(true);
  });

  it('is kept once, however often it is put', async () => {
    const content = randomBytes(1000);
    const first = file(content);
    const second = file(content);
    await place.store.put(first.hash, first.path);
    await place.store.put(second.hash, second.path);
    expect(existsSync(second.path)).toBe(false);
    expect((await bytes(first.hash)).equals(content)).toBe(true);
  });

  it('is gone when deleted, and can be put again', async () => {
    const content = randomBytes(1000);
    const { hash, path } = file(content);
    await place.store.put(hash, path);
    await place.store.delete(hash);
    await place.store.delete(hash);
    expect(await place.store.size(hash)).toBeUndefined();
    expect(await place.store.read(hash)).toBeUndefined();
    await place.store.put(hash, file(content).path);
    expect(await place.store.size(hash)).toBe(1000);
  });
});

describe('a bucket', () => {
  it('that refuses us is an error, not an empty one', async () => {
    const { endpoint, stop } = await startS3Service(s3Settings);
    const settings = { ...s3Settings, endpoint, secretAccessKey: 'wrong' };
    const store = new S3MediaStore(settings);
    const { hash, path } = file(Buffer.from('x'));
    await expect(store.put(hash, path)).rejects.toThrow('403');
    await expect(store.read(hash)).rejects.toThrow('403');
    expect(existsSync(path)).toBe(true);
    await stop();
  });
});

describe('names', () => {
  it('that are no hash lead nowhere', async () => {
    const store = new LocalMediaStore(join(folder, 'local'));
    await expect(store.read('../../etc/passwd')).rejects.toThrow('not a content hash');
  });
});

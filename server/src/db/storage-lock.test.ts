import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { StorageLock } from './storage-lock.js';

const root = mkdtempSync(join(tmpdir(), 'patchbay-lock-'));
const locks: StorageLock[] = [];

afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  rmSync(root, { recursive: true, force: true });
});

const taken = () => {
  const lock = StorageLock.takeAny(root);
  locks.push(lock);
  return lock;
};

/** A login that is open while its browser runs. */
const profileIn = (folder: string) => {
  const file = join(folder, 'browsers', 'session', 'Cookies');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'unsealed');
  return file;
};

test('what a process that is gone left open is cleared by the next one, not what others use', () => {
  const first = taken();
  const second = taken();
  const third = taken();
  const [running, left] = [profileIn(first.folder), profileIn(third.folder)];
  const kept = join(third.folder, 'lock.db');
  third.release();
  second.release();
  locks.splice(1);

  expect(taken().folder).toBe(second.folder);
  expect([existsSync(running), existsSync(left), existsSync(kept)]).toEqual([true, false, true]);
  // And it is free for whoever comes.
  expect(taken().folder).toBe(third.folder);
});

test('its own folder is for the one who takes it to look at', () => {
  const first = taken();
  const own = profileIn(first.folder);
  first.release();
  locks.splice(0);
  expect(taken().folder).toBe(first.folder);
  expect(existsSync(own)).toBe(true);
});

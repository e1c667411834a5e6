import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockMismatch } from './installed.mjs';

let root;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'installed-'));
  write('package.json', { dependencies: { left: '1.0.0' } });
  write('package-lock.json', {
    packages: {
      '': { dependencies: { left: '1.0.0' } },
      'node_modules/left': { version: '1.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file, content) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), JSON.stringify(content));
}

function installed(version = '1.0.0') {
  write('node_modules/.package-lock.json', { packages: { 'node_modules/left': { version } } });
  write('node_modules/left/package.json', { version });
}

it('asks for an install in a fresh clone', () => {
  expect(lockMismatch(root)).toBe('first run');
});

it('is content with what the lock file asks for, packages of other platforms apart', () => {
  installed();
  expect(lockMismatch(root)).toBeUndefined();
});

it('notices another version, as after git pull', () => {
  installed('0.9.0');
  expect(lockMismatch(root)).toBe('package-lock.json changed');
});

it('notices a package.json that the lock file does not know yet', () => {
  installed();
  write('package.json', { dependencies: { left: '1.0.0', right: '2.0.0' } });
  expect(lockMismatch(root)).toBe('package.json changed');
});

it('notices a package that was deleted, and a damaged record', () => {
  installed();
  rmSync(path.join(root, 'node_modules/left'), { recursive: true });
  expect(lockMismatch(root)).toBe('node_modules/left is missing');
  writeFileSync(path.join(root, 'node_modules/.package-lock.json'), '{');
  expect(lockMismatch(root)).toContain('damaged');
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfig({})).toMatchObject({ port: 3000, host: '127.0.0.1', encrypt: true });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL'],
    [{ REDIS_HOST: 'x', REDIS_PORT: '0' }, 'REDIS_PORT'],
    [{ WA_NOISE_ROOT_KEY: 'zz' }, 'WA_NOISE_ROOT_KEY'],
    [{ API_KEY: 'short' }, 'API_KEY'],
    [{ PATCHBAY_SECRET: 'short' }, 'PATCHBAY_SECRET'],
    [{ WA_MEDIA_CA: join(mkdtempSync(join(tmpdir(), 'none-')), 'no.pem') }, 'WA_MEDIA_CA'],
    [{ WA_WEB_PAGE_HOST: '127.0.0.1:3101' }, 'WA_WEB_PAGE_SPKI'],
    [{ WHATSAPP_BRIDGE_URL: 'http://x' }, 'WHATSAPP_BRIDGE_URL'],
    [{ WS_PORT: '3001' }, 'WS_PORT'],
    [{ PATCHBAY_CRASH_AT: 'after-commit' }, 'PATCHBAY_CRASH_AT'],
    [{ PATCHBAY_CRASH_AT: 'after-lunch:1' }, 'PATCHBAY_CRASH_AT'],
    [{ PATCHBAY_UNSAFE: 'cursor,seatbelt' }, 'PATCHBAY_UNSAFE'],
    [{ PATCHBAY_CRASH_AT: 'after-commit:1' }, 'PATCHBAY_CRASH_AT: only against a sandbox'],
    [{ PATCHBAY_UNSAFE: 'cursor' }, 'PATCHBAY_UNSAFE: only against a sandbox'],
  ])('names the variable that is wrong: %j', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(new RegExp(name));
  });

  it('reads what is in files, as containers are given secrets', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'key');
    expect(() => readConfig({ API_KEY_FILE: file })).toThrow(`API_KEY_FILE: the file ${file}`);
    writeFileSync(file, 'sixteen-letters-or-more\n');
    expect(readConfig({ API_KEY_FILE: file }).apiKey).toBe('sixteen-letters-or-more');
    const both = { API_KEY_FILE: file, API_KEY: 'another-sixteen-letters' };
    expect(() => readConfig(both)).toThrow('API_KEY, API_KEY_FILE: set one of them');
  });

  it('knows other names of a setting, and takes an empty one for absent', () => {
    expect(readConfig({ WHATSAPP_BRIDGE_API_KEY: 'sixteen-letters-or-more' }).apiKey).toBe(
      'sixteen-letters-or-more',
    );
    expect(readConfig({ PORT: '', API_KEY: '' })).toMatchObject({ port: 3000, apiKey: undefined });
  });

  it('takes Redis by its address or by its parts', () => {
    expect(readConfig({}).redisUrl).toBeUndefined();
    const url = 'rediss://user:secret@redis.internal:6380/2';
    expect(readConfig({ REDIS_URL: url, REDIS_HOST: 'other' }).redisUrl).toBe(url);
    expect(readConfig({ REDIS_HOST: 'redis' }).redisUrl).toBe('redis://redis:6379/0');
    const parts = { REDIS_HOST: 'redis', REDIS_PORT: '6380', REDIS_PASSWORD: 'a/b', REDIS_DB: '3' };
    expect(readConfig(parts).redisUrl).toBe('redis://:a%2Fb@redis:6380/3');
  });

  it('dies and forgets on demand against a sandbox', () => {
    const sandbox = { WA_WEB_SOCKET_URL: 'ws://127.0.0.1:1', WA_NOISE_ROOT_KEY: 'ab'.repeat(32) };
    const asked = { PATCHBAY_CRASH_AT: 'after-commit:3', PATCHBAY_UNSAFE: 'cursor,outbox-ids' };
    expect(readConfig({ ...sandbox, ...asked })).toMatchObject({
      crashAt: { name: 'after-commit', hit: 3 },
      unsafe: ['cursor', 'outbox-ids'],
    });
  });

  it('names all that is wrong at once', () => {
    expect(() => readConfig({ PORT: 'x', DATABASE_URL: 'y' })).toThrow(/PORT[\s\S]*DATABASE_URL/);
  });
});

import { mkdtempSync } from 'node:fs';
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
    [{ WA_NOISE_ROOT_KEY: 'zz' }, 'WA_NOISE_ROOT_KEY'],
    [{ API_KEY: 'short' }, 'API_KEY'],
    [{ PATCHBAY_SECRET: 'short' }, 'PATCHBAY_SECRET'],
    [{ WA_MEDIA_CA: join(mkdtempSync(join(tmpdir(), 'none-')), 'no.pem') }, 'WA_MEDIA_CA'],
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

  it('knows other names of a setting, and takes an empty one for absent', () => {
    expect(readConfig({ WHATSAPP_BRIDGE_API_KEY: 'sixteen-letters-or-more' }).apiKey).toBe(
      'sixteen-letters-or-more',
    );
    expect(readConfig({ PORT: '', API_KEY: '' })).toMatchObject({ port: 3000, apiKey: undefined });
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

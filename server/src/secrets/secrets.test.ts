import { mkdtempSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import { StartError } from '../start-error.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { openSecretBox } from './instance-secret.js';
import { SecretBox } from './secret-box.js';

describe('secret box', () => {
  const box = new SecretBox(Buffer.from('a secret of the tests'));
  const value = Buffer.from('private');

  it('opens what it sealed, in its place only', () => {
    const sealed = box.seal(value, 'here');
    expect(Buffer.from(sealed).includes(value)).toBe(false);
    expect(Buffer.from(box.open(sealed, 'here')).equals(value)).toBe(true);
    expect(() => box.open(sealed, 'there')).toThrow();
  });

  it('refuses what was changed, and what another secret sealed', () => {
    const sealed = Buffer.from(box.seal(value, 'here'));
    sealed[sealed.length - 1] = (sealed.at(-1) as number) ^ 1;
    expect(() => box.open(sealed, 'here')).toThrow();
    const other = new SecretBox(Buffer.from('another secret'));
    expect(() => other.open(box.seal(value, 'here'), 'here')).toThrow();
  });
});

describe.each(databases)('secret of an instance on %s', (name) => {
  let database: Database;
  let folder: string;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const empty = await emptyDatabase(name);
    drop = empty.drop;
    folder = mkdtempSync(join(tmpdir(), 'patchbay-secret-'));
    const logger = pino({ level: 'silent' });
    database = await Database.open({ url: empty.url, storageRoot: folder, logger });
  });
  afterEach(async () => {
    await database.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (secret?: string, encrypt = true) =>
    openSecretBox(database, { secret, storageRoot: folder, encrypt });

  it('is made once, in a file that only its owner may read', async () => {
    const sealed = (await open()).seal(Buffer.from('x'), 'y');
    const file = join(folder, 'secret.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from((await open()).open(sealed, 'y')).toString()).toBe('x');
  });

  it('is refused when it is not the one of the database, before anything is written', async () => {
    await open('the first secret of all');
    const settings = () => database.kysely.selectFrom('settings').selectAll().execute();
    const before = await settings();
    await expect(open('some other secret here')).rejects.toBeInstanceOf(StartError);
    await expect(open('the first secret of all', false)).rejects.toBeInstanceOf(StartError);
    expect(await settings()).toEqual(before);
  });

  it('is not made anew when the key file is lost', async () => {
    await open();
    unlinkSync(join(folder, 'secret.key'));
    await expect(open()).rejects.toThrow(/does not exist/);
  });
});

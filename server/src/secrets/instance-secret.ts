import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../db/database.js';
import { StartError } from '../start-error.js';
import { SecretBox } from './secret-box.js';

const CHECK = 'patchbay secret check';

export interface SecretOptions {
  /** PATCHBAY_SECRET; absent: a key file under `storageRoot`. */
  secret?: string | undefined;
  storageRoot: string;
  encrypt: boolean;
}

/**
 * The secret box of this instance. The secret must be the one that the database was first used
 * with: anything else is refused before a single value is written.
 */
export async function openSecretBox(
  database: Database,
  options: SecretOptions,
): Promise<SecretBox> {
  const known = await database.kysely
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'secret_check')
    .executeTakeFirst();
  const box = new SecretBox(readSecret(options, known !== undefined), options.encrypt);
  if (known) {
    verify(box, known.value, options);
  } else {
    const value = Buffer.from(box.seal(Buffer.from(CHECK), CHECK)).toString('base64');
    const insert = database.kysely
      .insertInto('settings')
      .values({ key: 'secret_check', value })
      .onConflict((c) => c.doNothing());
    const { applied } = await database.write([{ query: insert, whenUnchanged: 'stop' }]);
    // Another process that starts at this moment was first: its secret counts.
    if (!applied) return await openSecretBox(database, options);
  }
  return box;
}

function readSecret({ secret, storageRoot }: SecretOptions, mustExist: boolean): Uint8Array {
  if (secret) return Buffer.from(secret);
  const file = join(storageRoot, 'secret.key');
  if (existsSync(file)) return Buffer.from(readFileSync(file, 'utf8').trim());
  if (mustExist) {
    throw new StartError(
      `The database holds sealed credentials, but their key is missing: ${file} does not exist and ` +
        'PATCHBAY_SECRET is not set. Put the key file back or set PATCHBAY_SECRET. Nothing was changed.',
    );
  }
  mkdirSync(storageRoot, { recursive: true });
  const generated = randomBytes(32).toString('base64url');
  writeFileSync(file, `${generated}\n`, { mode: 0o600, flag: 'wx' });
  return Buffer.from(generated);
}

function verify(box: SecretBox, stored: string, { secret, storageRoot }: SecretOptions): void {
  try {
    box.open(Buffer.from(stored, 'base64'), CHECK);
  } catch {
    const source = secret ? 'PATCHBAY_SECRET' : join(storageRoot, 'secret.key');
    throw new StartError(
      `The secret in ${source} is not the one this database was sealed with (secret wrong, or ` +
        'PATCHBAY_ENCRYPTION changed). Start with the former one. Nothing was changed.',
    );
  }
}

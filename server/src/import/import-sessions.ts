import { SessionId } from '@patchbay/contract';
import type { Logger } from 'pino';
import { FIRST_USER } from '../auth/principal.js';
import type { Config } from '../config.js';
import { Database } from '../db/database.js';
import { UnusableAuth } from '../engines/engine-import.js';
import { importedAuth } from '../engines/engine-registry.js';
import { EventLog } from '../event-log/event-log.js';
import { Wakeup } from '../event-log/wakeup.js';
import { ApiError } from '../http/api-error.js';
import { openSecretBox } from '../secrets/instance-secret.js';
import { storeImported } from '../sessions/imported-session.js';
import { SessionStore } from '../sessions/session-store.js';
import type { FoundAuth } from './folders.js';

export interface ImportOptions {
  found: FoundAuth[];
  /** Names of those that are taken; empty: all. */
  only: string[];
  /** E-mail of the user whose sessions they become; absent: the first admin. */
  owner: string | undefined;
  /** Of a single one: its id and how the account is called here. */
  id: string | undefined;
  name: string | undefined;
  storageRoot: string;
}

/**
 * Takes linked devices over from other programs. All that was found is read and checked before the
 * first is stored; each is stored as a whole or not at all.
 * @throws {UnusableAuth | ApiError} with what to do; those that were printed before are stored
 */
export async function importSessions(
  options: ImportOptions,
  { config, logger, print }: { config: Config; logger: Logger; print(line: string): void },
): Promise<void> {
  const found = chosen(options);
  const devices = found.map(({ name, auth }) => ({ name, auth: importedAuth(auth) }));
  const { storageRoot } = options;
  const database = await Database.open({ url: config.databaseUrl, storageRoot, logger });
  try {
    const { secret, encrypt } = config;
    const box = await openSecretBox(database, { secret, storageRoot, encrypt });
    const store = new SessionStore(database, new EventLog(database, new Wakeup()), box);
    const ownerId = await ownerOf(database, options.owner);
    for (const { name, auth } of devices) {
      const wanted = { id: options.id ?? (await freeId(store, name)), ownerId };
      const label = options.name ?? (name || undefined);
      const row = await storeImported(auth, { ...wanted, label }, { store, database, box });
      const left =
        auth.leftOut.length > 0 ? `; left out: ${auth.leftOut.slice(0, 5).join(', ')}` : '';
      print(`Session "${row.id}"${label ? ` (${label})` : ''}: ${auth.entries.length} keys${left}`);
    }
  } finally {
    await database.close();
  }
}

function chosen({ found, only, id, name }: ImportOptions): FoundAuth[] {
  const missing = only.filter((one) => !found.some((each) => each.name === one));
  if (missing.length > 0) {
    const names = found.map((each) => each.name).join(', ');
    throw new UnusableAuth(`There is no ${missing.join(', ')} among what was found: ${names}`);
  }
  const taken = found.filter((each) => only.length === 0 || only.includes(each.name));
  if (taken.length > 1 && (id !== undefined || name !== undefined)) {
    throw new UnusableAuth(
      `There are ${taken.length} sessions: choose one with --only to give it an id or a name`,
    );
  }
  return taken;
}

/** Programs know a session by its name: it keeps it where it can. */
async function freeId(store: SessionStore, name: string): Promise<string | undefined> {
  const fits = SessionId.safeParse(name).success;
  return fits && !(await store.find(name)) ? name : undefined;
}

async function ownerOf({ kysely }: Database, email: string | undefined): Promise<string> {
  if (email === undefined) return FIRST_USER;
  const user = await kysely
    .selectFrom('users')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (!user) throw new ApiError('user_not_found', `There is no user with the e-mail ${email}`);
  return user.id;
}

import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { ImportedAuth } from '../engines/engine-import.js';
import { ApiError } from '../http/api-error.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { keyPlace } from './auth-store.js';
import type { SessionRow, SessionStore } from './session-store.js';

/** Rows of one statement: below the limits on bound values of both databases. */
const ROWS_PER_STATEMENT = 200;

/**
 * Stores a device that another program has linked as a session that is brought up at the next start,
 * in one unit: the session with its keys, or nothing.
 * @throws {ApiError} session_already_connected when the number is here already
 */
export async function storeImported(
  auth: ImportedAuth,
  options: { id: string | undefined; ownerId: string; label: string | undefined },
  { store, database, box }: { store: SessionStore; database: Database; box: SecretBox },
): Promise<SessionRow> {
  const other = await store.otherWithNumber(auth.jid, options.id ?? '');
  const there = options.id === undefined ? undefined : await store.find(options.id);
  if (other ?? there) {
    throw new ApiError(
      'session_already_connected',
      other
        ? `This number is linked already, to the session "${other}"`
        : `There is a session "${options.id}" already; choose another id`,
    );
  }
  const { kysely } = database;
  return await store.create({
    id: options.id,
    ownerId: options.ownerId,
    engine: 'baileys',
    displayName: options.label ?? auth.name,
    maxSlots: null,
    also: (id) => [
      {
        query: kysely
          .updateTable('sessions')
          .set({ linked: 1, wanted: 1, jid: auth.jid, lid: auth.lid ?? null })
          .where('id', '=', id),
        whenUnchanged: 'fail',
      },
      ...inParts(auth.entries).map((part) => ({
        query: kysely.insertInto('session_keys').values(
          part.map(({ kind, id: keyId, value }) => ({
            session_id: id,
            kind,
            id: keyId,
            value: box.seal(value ?? new Uint8Array(), keyPlace(id, kind, keyId)),
          })),
        ),
      })),
      ...mappingsOf(auth, id, database),
    ],
  });
}

/** Who is who, as the chats need it before anybody writes. */
function mappingsOf({ mappings }: ImportedAuth, id: string, { kysely }: Database): WriteStep[] {
  return inParts(mappings).map((part) => ({
    query: kysely
      .insertInto('lid_mappings')
      .values(part.map(({ lid, pn }) => ({ session_id: id, lid, pn })))
      .onConflict((c) => c.doNothing()),
  }));
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    parts.push(items.slice(start, start + ROWS_PER_STATEMENT));
  }
  return parts;
}

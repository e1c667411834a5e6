import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import type { SessionRow } from './session-store.js';

/** The session of an owner that stands in a slot. */
export async function inSlot(
  { kysely }: Database,
  ownerId: string,
  slot: number,
): Promise<SessionRow | undefined> {
  return await kysely
    .selectFrom('sessions')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('slot', '=', slot)
    .executeTakeFirst();
}

/**
 * The owner's first free slot.
 * @param max null: there are any number
 * @throws {ApiError} no_free_slot
 */
export async function freeSlot(
  { kysely }: Database,
  ownerId: string,
  max: number | null,
): Promise<number> {
  const rows = await kysely
    .selectFrom('sessions')
    .select('slot')
    .where('owner_id', '=', ownerId)
    .orderBy('slot')
    .execute();
  let slot = 1;
  for (const row of rows) if (row.slot === slot) slot += 1;
  if (max === null || slot <= max) return slot;
  throw new ApiError(
    'no_free_slot',
    `All ${max} slots are taken; name the slot of an account that is not connected to use it again`,
  );
}

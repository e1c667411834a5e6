import type { Principal } from '../../auth/principal.js';
import type { Database } from '../../db/database.js';

/** Somebody of the team: a user, and whether that is an admin, who may change what others wrote. */
export interface Author {
  userId: string;
  isAdmin: boolean;
}

/** What a user is called. */
export async function nameOf({ kysely }: Database, userId: string): Promise<string | null> {
  const user = await kysely
    .selectFrom('users')
    .select('name')
    .where('id', '=', userId)
    .executeTakeFirst();
  return user?.name ?? null;
}

/** Who of the team is asking. */
export function authorOf({ userId, role }: Principal): Author {
  return { userId, isAdmin: role === 'admin' };
}

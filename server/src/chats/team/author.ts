import type { Principal } from '../../auth/principal.js';

/** Somebody of the team: a user, and whether that is an admin, who may change what others wrote. */
export interface Author {
  userId: string;
  isAdmin: boolean;
}

/** Who of the team is asking. */
export function authorOf({ userId, role }: Principal): Author {
  return { userId, isAdmin: role === 'admin' };
}

import type { Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.js';

/** Whether an account is one's own or one is an admin; one that is shared is used, not changed. */
export function useMayManage({ userId }: Pick<Session, 'userId'>): boolean {
  const { data: me } = useQuery(meQuery);
  return me?.role === 'admin' || me?.userId === userId;
}

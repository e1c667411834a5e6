import type { Session, SessionAnswer, SessionList } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { keys } from '../api/queries.js';
import { messageOf } from '../api/request.js';

/** The offer to undo the last command; any further command makes it pointless. */
export const undoToast = (id: string) => `undo ${id}`;

/**
 * A command that answers with the session's new state. The page shows that state at once; a refusal
 * is shown as a toast.
 */
export function useSessionCommand(id: string, command: (id: string) => Promise<SessionAnswer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => command(id),
    onMutate: () => toast.dismiss(undoToast(id)),
    onSuccess: ({ state }) => {
      const changed = (session: Session): Session => {
        if (session.id !== id) return session;
        if (Date.parse(session.state.since) > Date.parse(state.since)) return session;
        return { ...session, state, status: inEveryVocabulary(state).inbox };
      };
      cache.setQueryData<SessionList>(keys.sessions, (list) =>
        list ? { sessions: list.sessions.map(changed) } : list,
      );
      cache.setQueryData<Session>(keys.session(id), (session) => session && changed(session));
      void cache.invalidateQueries({ queryKey: keys.qr(id) });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}

import type { ChangeChat, ChangeTeamState, Chat } from '@patchbay/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { changeChat, changeTeamState } from '../../api/inbox.js';
import { messageOf } from '../../api/request.js';
import { putIntoChat } from '../../live/apply-inbox.js';
import { inboxWords as words } from '../../words/inbox-words.js';

/** Changes that are shown at once, and taken back with a word when the server refuses them. */
export function useChangeChat() {
  const cache = useQueryClient();
  return useCallback(
    (chat: Chat) => {
      const tell = async (shown: Partial<Chat>, ask: () => Promise<Chat>) => {
        // Another change of the chat may be answered, or told, before this one: only these fields.
        const put = (from: Chat) => putIntoChat(cache, chat, picked(from, shown));
        putIntoChat(cache, chat, shown);
        try {
          put(await ask());
          return true;
        } catch (error) {
          put(chat);
          toast.error(messageOf(error));
          return false;
        }
      };
      const team = (body: ChangeTeamState, shown: Partial<Chat>) =>
        tell(shown, () => changeTeamState(chat.sessionId, chat.id, body));
      return {
        /** What the phone has too: pinned, muted, archived, unread. */
        set: (body: ChangeChat, shown: Partial<Chat>) =>
          tell(shown, () => changeChat(chat.sessionId, chat.id, body)),
        assign: (assigneeId: string | null) => team({ assigneeId }, { assigneeId }),
        async setStatus(status: Chat['status']) {
          const before = chat.status;
          if (!(await team({ status }, { status })) || status !== 'resolved') return;
          toast.success(words.resolved, {
            action: {
              label: words.undo,
              onClick: () => void team({ status: before }, { status: before }),
            },
          });
        },
        label: (id: string, on: boolean) =>
          team(on ? { addLabels: [id] } : { removeLabels: [id] }, {
            teamLabels: on
              ? [...chat.teamLabels, id]
              : chat.teamLabels.filter((each) => each !== id),
          }),
      };
    },
    [cache],
  );
}

function picked(chat: Chat, like: Partial<Chat>): Partial<Chat> {
  return Object.fromEntries(Object.entries(chat).filter(([field]) => field in like));
}

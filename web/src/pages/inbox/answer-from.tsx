import type { Chat, Session } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { startChat } from '../../api/inbox.js';
import { meQuery, sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { draftKey, drafts } from '../../conversation/drafts.js';
import { putChat } from '../../live/apply-inbox.js';
import { AccountColour } from '../../ui/account-colour.js';
import { Choices } from '../../ui/choices.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { chatKey } from './inbox-search.js';

/**
 * By which account somebody is answered, where there is a choice. Each account has a chat of its own
 * with a person: choosing another one goes there and takes along what is written.
 */
export function AnswerFrom({ chat, session }: { chat: Chat; session: Session }) {
  const cache = useQueryClient();
  const navigate = useNavigate({ from: '/inbox' });
  const userId = useQuery(meQuery).data?.userId ?? '';
  const accounts = (useQuery(sessionsQuery).data?.sessions ?? []).filter(
    ({ id, state }) => id === session.id || state.status === 'connected',
  );
  const { phone } = chat;
  const go = useMutation({
    mutationFn: (account: string) => startChat(account, phone ?? ''),
    onSuccess: (other) => {
      putChat(cache, other);
      const from = draftKey(userId, chat.sessionId, chat.id);
      const to = draftKey(userId, other.sessionId, other.id);
      const written = drafts.of(from);
      if (written.text && !drafts.of(to).text) {
        drafts.keep(to, written);
        drafts.keep(from, { text: '' });
      }
      const key = chatKey({ sessionId: other.sessionId, chatId: other.id });
      void navigate({ search: (search) => ({ ...search, chat: key, message: undefined }) });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  if (chat.isGroup || !phone || accounts.length < 2) return null;
  return (
    <div className="-ml-2 flex min-w-0 items-center">
      <Choices
        groups={[
          {
            label: words.answerFrom,
            value: session.id,
            options: accounts.map((account) => ({
              value: account.id,
              label: accountName(account),
              picture: <AccountColour session={account} className="size-2.5 rounded-full" />,
            })),
            onChoose: (account) => account !== session.id && go.mutate(account),
          },
        ]}
        trigger={
          <button
            type="button"
            disabled={go.isPending}
            className="flex h-10 min-w-0 items-center gap-1.5 rounded-6 px-2 text-13 hover:bg-sunken"
          >
            <span className="text-soft">{words.answerFrom}</span>
            <AccountColour session={session} className="size-2.5 rounded-full" />
            <span className="truncate font-medium" dir="auto">
              {accountName(session)}
            </span>
            <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
          </button>
        }
      />
    </div>
  );
}

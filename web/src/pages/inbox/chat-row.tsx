import type { Chat, Session } from '@patchbay/contract';
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { BellOff, CheckCheck, Pin, Users } from 'lucide-react';
import { memo } from 'react';
import { accountName } from '../../account-name.js';
import { chatName } from '../../chat-name.js';
import { formatFull, formatRecent } from '../../format/time.js';
import { isUnread } from '../../live/inbox-lists.js';
import { AccountColour } from '../../ui/account-colour.js';
import { useHalfMinutes } from '../../ui/now.js';
import { knownPicture, Picture } from '../../ui/picture.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { chatKey } from './inbox-search.js';
import { Preview } from './preview.js';
import { Assignee, LabelDots } from './team-signs.js';
import { useExpectChat } from './use-expect-chat.js';

interface ChatRowProps {
  chat: Chat;
  /** Its account, when there are several. */
  account: Session | undefined;
  open: boolean;
  /** The one row that Tab comes to. */
  current: boolean;
  /** Replaces the address instead of adding to the history: another chat is open already. */
  replace: boolean;
  onFocus: (key: string) => void;
}

/** A chat in the list: who, when, what was last said, and what has to be done about it. */
export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { chat, account, open, current, replace, onFocus } = props;
  const key = chatKey({ sessionId: chat.sessionId, chatId: chat.id });
  const unread = isUnread(chat);
  const name = chatName(chat);
  const expect = useExpectChat(chat);
  return (
    <Link
      from="/inbox"
      to="/inbox"
      search={(search) => ({ ...search, chat: key, message: undefined, details: undefined })}
      replace={replace}
      preload={false}
      {...expect}
      data-chat={key}
      tabIndex={current ? 0 : -1}
      onFocus={() => onFocus(key)}
      aria-current={open ? 'true' : undefined}
      className={clsx(
        'relative flex h-16 items-center gap-3 pr-3 pl-3.5 -outline-offset-2',
        open ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
    >
      {account && (
        <AccountColour session={account} className="absolute inset-y-2 left-0.5 w-1 rounded-full" />
      )}
      <Picture
        id={chat.id}
        name={name}
        url={knownPicture(chat.profilePicUrl)}
        className="text-13"
      />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-center gap-1.5">
          {chat.isGroup && (
            <Users className="size-3.5 shrink-0 text-soft" role="img" aria-label={words.group} />
          )}
          <span className={clsx('truncate', unread ? 'font-semibold' : 'font-medium')} dir="auto">
            {name}
          </span>
          {account && <span className="sr-only">{words.via(accountName(account))}</span>}
          <LabelDots chat={chat} />
          <RowTime at={chat.lastMessage?.timestamp} unread={unread} />
        </span>
        <span
          className={clsx(
            'flex h-5 items-center gap-1.5 text-13',
            unread ? 'text-text' : 'text-soft',
          )}
        >
          <Preview chat={chat} />
          <RowSigns chat={chat} />
        </span>
      </span>
    </Link>
  );
});

function RowTime({ at, unread }: { at: string | undefined; unread: boolean }) {
  const now = useHalfMinutes();
  if (!at) return null;
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={formatFull(date)}
      className={clsx(
        'ml-auto shrink-0 pl-2 text-12 nums',
        unread ? 'font-medium text-accent-text' : 'text-soft',
      )}
    >
      {formatRecent(date, now)}
    </time>
  );
}

function RowSigns({ chat }: { chat: Chat }) {
  const { unreadCount, markedUnread, muted, pinned, status } = chat;
  return (
    <>
      {status === 'resolved' && (
        <CheckCheck className="size-4 text-ok" role="img" aria-label={words.resolved} />
      )}
      {muted && <BellOff className="size-3.5 text-soft" role="img" aria-label={words.muted} />}
      {pinned && <Pin className="size-3.5 text-soft" role="img" aria-label={words.pinned} />}
      <Assignee chat={chat} />
      {unreadCount > 0 ? (
        <span
          className={clsx(
            'flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 text-12 font-semibold nums',
            muted ? 'bg-neutral-soft text-neutral' : 'bg-accent text-on-accent',
          )}
        >
          <span aria-hidden>{unreadCount > 999 ? '999+' : unreadCount}</span>
          <span className="sr-only">{words.unreadCount(unreadCount)}</span>
        </span>
      ) : (
        markedUnread && (
          <span
            role="img"
            aria-label={words.markedUnread}
            className="size-2.5 shrink-0 rounded-full bg-accent"
          />
        )
      )}
    </>
  );
}

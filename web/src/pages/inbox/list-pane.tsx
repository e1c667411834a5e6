import type { Session } from '@patchbay/contract';
import clsx from 'clsx';
import { type RefObject, useCallback, useEffect, useImperativeHandle, useRef } from 'react';
import { whenIdle } from '../../ui/when-idle.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { byMouse, ChatList } from './chat-list.js';
import { expectConversation } from './chat-pane.js';
import type { InboxFilter } from './inbox-search.js';
import { ListHead } from './list-head.js';
import { useChatList } from './use-chat-list.js';
import { type RowCursor, useRowCursor } from './use-row-cursor.js';

interface ListPaneProps {
  filter: InboxFilter;
  accounts: Session[];
  /** The key of the chat that is open. */
  open: string | undefined;
  width: number;
  hidden: boolean;
  search: RefObject<HTMLInputElement | null>;
  onNewChat: () => void;
  /** Lets the page's keys move in the list. */
  ref: RefObject<ListHandle | null>;
}

export type ListHandle = Pick<RowCursor, 'move'>;

/** The chats; what changes in the list with every message is drawn here and nowhere else. */
export function ListPane(props: ListPaneProps) {
  const { filter, accounts, open, ref } = props;
  const list = useChatList(filter);
  const cursor = useRowCursor(list.chats, open);
  const { isSuccess } = list.query;
  // The list comes first; then what somebody will open next.
  useEffect(() => (isSuccess ? whenIdle(expectConversation) : undefined), [isSuccess]);
  const rows = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({ move: cursor.move }), [cursor.move]);
  const intoRows = useCallback(() => ref.current?.move(0), [ref]);
  return (
    <section
      aria-label={words.list}
      className={clsx(
        'flex min-h-0 flex-col bg-surface max-sm:w-full! max-sm:flex-1 sm:shrink-0',
        props.hidden && 'hidden',
      )}
      style={{ width: props.width }}
      onPointerLeave={byMouse(list.release)}
    >
      <ListHead
        filter={filter}
        moved={list.moved}
        onRenew={() => {
          list.renew();
          rows.current?.scrollTo({ top: 0 });
        }}
        accounts={accounts}
        search={props.search}
        onNewChat={props.onNewChat}
        onDown={intoRows}
      />
      <ChatList
        list={list}
        filter={filter}
        accounts={accounts}
        open={open}
        cursor={cursor}
        scroller={rows}
      />
    </section>
  );
}

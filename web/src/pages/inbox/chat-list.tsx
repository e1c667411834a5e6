import type { Chat, Session } from '@patchbay/contract';
import { Link } from '@tanstack/react-router';
import { Inbox, SearchX } from 'lucide-react';
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { buttonClass } from '../../ui/button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { ChatRow } from './chat-row.js';
import type { InboxFilter } from './inbox-search.js';
import { keyOf, type useChatList } from './use-chat-list.js';
import type { RowCursor } from './use-row-cursor.js';

const ROW_PX = 64;
/** More chats are asked for when so many rows are left below. */
const NEAR_END = 20;

interface ChatListProps {
  list: ReturnType<typeof useChatList>;
  filter: InboxFilter;
  accounts: Session[];
  /** The key of the chat that is open. */
  open: string | undefined;
  cursor: RowCursor;
  scroller: RefObject<HTMLDivElement | null>;
}

/** The rows of the list, in all its states. */
export function ChatList(props: ChatListProps) {
  const { list, filter, scroller } = props;
  const { query, chats } = list;
  if (query.isPending) return <LoadingRows />;
  if (query.error && !query.data) {
    const retry = () => void query.refetch();
    return <ErrorNotice error={query.error} retry={retry} className="flex-1 py-12" />;
  }
  if (chats.length === 0) return <NoChats filter={filter} />;
  return (
    <div
      ref={scroller}
      onPointerEnter={byMouse(list.hold)}
      className="min-h-0 flex-1 overflow-y-auto"
      data-scroll-restoration-id="chats"
    >
      <Rows {...props} chats={chats} />
    </div>
  );
}

/** A finger holds no row: it is not there before it presses. */
export function byMouse(then: () => void) {
  return (event: PointerEvent) => {
    if (event.pointerType === 'mouse') then();
  };
}

function Rows({ list, chats, accounts, open, cursor }: ChatListProps & { chats: Chat[] }) {
  const { query } = list;
  const handle = useRef<VirtualizerHandle>(null);
  const several = accounts.length > 1;
  const currentAt = Math.max(
    0,
    chats.findIndex((chat) => keyOf(chat) === cursor.key),
  );
  const currentKey = chats[currentAt] && keyOf(chats[currentAt]);
  const byId = new Map(accounts.map((session) => [session.id, session]));
  const more = () => {
    const view = handle.current;
    if (!view || !query.hasNextPage || query.isFetchingNextPage || query.isFetchNextPageError)
      return;
    const last = view.findItemIndex(view.scrollOffset + view.viewportSize);
    if (last >= chats.length - NEAR_END) void query.fetchNextPage();
  };
  // The row is in the document by now, even when it is out of sight: it is kept mounted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each move
  useEffect(() => {
    if (cursor.moves === 0 || !currentKey) return;
    handle.current?.scrollToIndex(currentAt, { align: 'nearest' });
    document.querySelector<HTMLElement>(`[data-chat="${CSS.escape(currentKey)}"]`)?.focus();
  }, [cursor.moves]);
  return (
    <>
      <Virtualizer
        ref={handle}
        as="ul"
        item="li"
        data={chats}
        itemSize={ROW_PX}
        keepMounted={[currentAt]}
        onScroll={more}
      >
        {(chat) => {
          const key = keyOf(chat);
          return (
            <ChatRow
              key={key}
              chat={chat}
              account={several ? byId.get(chat.sessionId) : undefined}
              open={key === open}
              current={key === currentKey}
              replace={open !== undefined}
              onFocus={cursor.set}
            />
          );
        }}
      </Virtualizer>
      {query.isFetchingNextPage && <BoneRow />}
      {query.isFetchNextPageError && (
        <ErrorNotice
          error={query.error}
          retry={() => void query.fetchNextPage()}
          className="py-6"
        />
      )}
    </>
  );
}

function NoChats({ filter: { q, show, status, label, account } }: { filter: InboxFilter }) {
  if (q || show || status || label || account) {
    return (
      <Notice
        icon={<SearchX className="size-6" aria-hidden />}
        title={words.noMatchTitle}
        text={words.noMatchText}
        className="py-12"
      >
        <Link
          from="/inbox"
          to="/inbox"
          search={({ chat, message }) => ({ chat, message })}
          className={buttonClass('secondary')}
        >
          {words.showAll}
        </Link>
      </Notice>
    );
  }
  return (
    <Notice
      icon={<Inbox className="size-6" aria-hidden />}
      title={words.emptyTitle}
      text={words.emptyText}
      className="py-12"
    />
  );
}

function LoadingRows() {
  return (
    <div role="status" aria-label={words.loading} className="min-h-0 flex-1 overflow-hidden">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes without a content
        <BoneRow key={index} />
      ))}
    </div>
  );
}

function BoneRow() {
  return (
    <div className="flex h-16 items-center gap-3 px-3.5">
      <Bone className="size-10 rounded-full!" />
      <div className="flex-1 space-y-2">
        <Bone className="h-3.5 w-2/5" />
        <Bone className="h-3 w-4/5" />
      </div>
    </div>
  );
}

import type { Session } from '@patchbay/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useCanGoBack, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { Smartphone } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { countsQuery } from '../../api/inbox.js';
import { sessionsQuery } from '../../api/queries.js';
import type { ConversationHandle } from '../../conversation/conversation.js';
import { isBetween, isBoolean, kept, useKept } from '../../kept.js';
import { buttonClass } from '../../ui/button.js';
import { useIsPhone, useIsWide } from '../../ui/media-query.js';
import { ErrorNotice, Notice } from '../../ui/states.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { words as allWords } from '../../words/words.js';
import { chatKey, chatRefOf } from './inbox-search.js';
import { type ListHandle, ListPane } from './list-pane.js';
import { NOTE_FIELD } from './note-field.js';
import { OpenChat } from './open-chat.js';
import { PaneDivider } from './pane-divider.js';

const NewChat = lazy(async () => ({ default: (await import('./new-chat.js')).NewChat }));

const LIST = { least: 280, most: 480 };
const DETAILS = { least: 280, most: 460 };
const listWidth = kept('patchbay-list-width', isBetween(LIST), 360);
const detailsWidth = kept('patchbay-details-width', isBetween(DETAILS), 320);
const detailsOpen = kept('patchbay-details-open', isBoolean, true);

/**
 * The accounts without what changes with every message: nothing here shows it, and everything here
 * would be drawn anew for it.
 */
const accountsQuery = queryOptions({
  ...sessionsQuery,
  select: ({ sessions }) =>
    sessions.map((session) => ({ ...session, lastMessageAt: null, today: NONE_TODAY })),
});
const NONE_TODAY = { received: 0, sent: 0 };
const NO_ACCOUNTS: Session[] = [];

/** The chats of all accounts, the one that is open, and what is known of it. */
export function InboxPage() {
  const { data, error, refetch } = useQuery(accountsQuery);
  if (data?.length === 0) return <NoAccount />;
  if (error && !data) {
    const retry = () => void refetch();
    return <ErrorNotice page={words.title} error={error} retry={retry} className="py-20" />;
  }
  return <Inbox accounts={data ?? NO_ACCOUNTS} />;
}

function Inbox({ accounts }: { accounts: Session[] }) {
  const { chat: open, message, details, ...filter } = useSearch({ from: '/signed-in/inbox' });
  const navigate = useNavigate({ from: '/inbox' });
  const phone = useIsPhone();
  const wide = useIsWide();
  const list = useRef<ListHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const conversation = useRef<ConversationHandle>(null);
  const [creating, setCreating] = useState(false);
  const width = useKept(listWidth);
  const keptOpen = useKept(detailsOpen);
  const widthOfDetails = useKept(detailsWidth);
  const ref = chatRefOf(open);
  const detailsShown = ref !== null && (wide ? keptOpen : details === true);
  const back = useBack();
  const toggleDetails = () => {
    if (wide) detailsOpen.set(!keptOpen);
    else if (detailsShown) back({ details: undefined });
    else void navigate({ search: (search) => ({ ...search, details: true }) });
  };
  const closeChat = () => back({ chat: undefined, message: undefined, details: undefined });
  const actions = {
    toggleDetails,
    closeChat,
    newChat: () => setCreating(true),
    writeNote: () => {
      if (!detailsShown) flushSync(toggleDetails);
      focusWhenThere(NOTE_FIELD);
    },
    search: () => searchField.current?.focus(),
    move: (step: -1 | 0 | 1) => list.current?.move(step),
  };
  return (
    <div className="relative flex h-full">
      <h1 className="sr-only">{words.title}</h1>
      <ListPane
        ref={list}
        filter={filter}
        accounts={accounts}
        open={open}
        width={width}
        hidden={phone && ref !== null}
        search={searchField}
        onNewChat={actions.newChat}
      />
      <PaneDivider
        label={words.resizeList}
        width={width}
        {...LIST}
        pane="before"
        onWidth={listWidth.set}
        className="max-sm:hidden"
      />
      <OpenChat
        key={open ?? ''}
        chatRef={ref}
        message={message}
        accounts={accounts}
        phone={phone}
        wide={wide}
        details={{
          shown: detailsShown,
          width: widthOfDetails,
          ...DETAILS,
          onWidth: detailsWidth.set,
        }}
        conversation={conversation}
        actions={actions}
      />
      <Suspense>
        {creating && (
          <NewChat
            accounts={accounts}
            account={filter.account}
            onClose={() => setCreating(false)}
            onStarted={(chat) => {
              setCreating(false);
              const key = chatKey({ sessionId: chat.sessionId, chatId: chat.id });
              void navigate({ search: (search) => ({ ...search, chat: key, message: undefined }) });
            }}
          />
        )}
      </Suspense>
      <Title />
    </div>
  );
}

function Title() {
  const unread = useQuery({ ...countsQuery, select: (counts) => counts.unread }).data ?? 0;
  const title = `${words.title} · ${allWords.product}`;
  return <title>{unread > 0 ? words.unreadTitle(unread, title) : title}</title>;
}

/** At once where it is there, for the next key is part of the text; else when the pane is drawn. */
function focusWhenThere(id: string): void {
  const field = document.getElementById(id);
  if (field) field.focus();
  else
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
}

/** As the browser's Back does where we came from inside, else to the address without these. */
function useBack() {
  const navigate = useNavigate({ from: '/inbox' });
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const phone = useIsPhone();
  return (without: Record<string, undefined>) => {
    if (phone && canGoBack) router.history.back();
    else void navigate({ search: (search) => ({ ...search, ...without }), replace: true });
  };
}

function NoAccount() {
  return (
    <div className="flex h-full items-center overflow-y-auto py-10">
      <title>{`${words.title} · ${allWords.product}`}</title>
      <h1 className="sr-only">{words.title}</h1>
      <Notice
        icon={<Smartphone className="size-6" aria-hidden />}
        title={words.noAccountTitle}
        text={words.noAccountText}
      >
        <Link to="/accounts" search={{ add: true }} className={buttonClass('primary')}>
          {words.connect}
        </Link>
      </Notice>
    </div>
  );
}

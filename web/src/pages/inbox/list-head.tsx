import type { ChatCounts, Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { ArrowUp, ListFilter, Search, SquarePen, X } from 'lucide-react';
import { memo, type RefObject, useEffect, useState } from 'react';
import { accountName } from '../../account-name.js';
import { countsQuery } from '../../api/inbox.js';
import { labelsQuery } from '../../api/team.js';
import { AccountColour } from '../../ui/account-colour.js';
import { Button, IconButton } from '../../ui/button.js';
import { Choices } from '../../ui/choices.js';
import { LabelDot } from '../../ui/label-dot.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import type { InboxFilter } from './inbox-search.js';

/** So long after the last key the search begins (ms). */
const PAUSE = 200;
const ANY = 'any';
const STATUSES = ['open', 'pending', 'resolved'] as const;
const SHOWS = ['unread', 'mine', 'unassigned', 'groups'] as const;

interface ListHeadProps {
  filter: InboxFilter;
  accounts: Session[];
  search: RefObject<HTMLInputElement | null>;
  /** How many rows would stand elsewhere if none were held; a press brings them there. */
  moved: number;
  onRenew: () => void;
  onNewChat: () => void;
  /** From the search box into the rows. */
  onDown: () => void;
}

type Filtered = Pick<ListHeadProps, 'filter' | 'accounts'>;

/** Above the list: search, filters, a new chat. */
export function ListHead(props: ListHeadProps) {
  const { filter, accounts, search, moved, onRenew, onNewChat, onDown } = props;
  return (
    <header className="shrink-0 border-b border-line px-3 pt-2.5">
      <div className="mb-1.5 flex items-center gap-1">
        <p className="min-w-0 truncate pl-1 text-16 font-semibold" aria-hidden>
          {words.title}
        </p>
        <span className="flex min-w-0 flex-1 justify-end">
          {moved > 0 && (
            <Button
              look="primary"
              className="h-7! min-w-0 animate-appear rounded-full px-2.5! text-13"
              icon={<ArrowUp className="size-3.5" aria-hidden />}
              onClick={onRenew}
            >
              {words.updated(moved)}
            </Button>
          )}
        </span>
        <FilterMenu filter={filter} accounts={accounts} />
        <IconButton label={words.newChat} onClick={onNewChat}>
          <SquarePen className="size-4.5" aria-hidden />
        </IconButton>
      </div>
      <SearchBox field={search} q={filter.q ?? ''} onDown={onDown} />
      <Chips filter={filter} accounts={accounts} />
    </header>
  );
}

const FilterMenu = memo(function FilterMenu({ filter, accounts }: Filtered) {
  const navigate = useNavigate({ from: '/inbox' });
  const set = (part: Partial<InboxFilter>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const labels = useQuery(labelsQuery).data ?? [];
  const active = filter.status || filter.label || filter.account;
  const byStatus = {
    label: words.statusFilter,
    value: filter.status ?? ANY,
    options: [
      { value: ANY, label: words.anyStatus },
      ...STATUSES.map((status) => ({ value: status, label: words.status[status] })),
    ],
    onChoose: (value: string) => set({ status: STATUSES.find((status) => status === value) }),
  };
  const byLabel = {
    label: words.labels,
    value: filter.label ?? ANY,
    options: [
      { value: ANY, label: words.anyLabel },
      ...labels.map((label) => ({
        value: label.id,
        label: label.name,
        picture: <LabelDot label={label} />,
      })),
    ],
    onChoose: (value: string) => set({ label: value === ANY ? undefined : value }),
  };
  const byAccount = {
    label: words.account,
    value: filter.account ?? ANY,
    options: [
      { value: ANY, label: words.allAccounts },
      ...accounts.map((session) => ({
        value: session.id,
        label: accountName(session),
        picture: <AccountColour session={session} className="size-2.5 rounded-full" />,
      })),
    ],
    onChoose: (value: string) => set({ account: value === ANY ? undefined : value }),
  };
  return (
    <Choices
      groups={[
        byStatus,
        ...(labels.length > 0 ? [byLabel] : []),
        ...(accounts.length > 1 ? [byAccount] : []),
      ]}
      trigger={
        <button
          type="button"
          title={words.filters}
          aria-label={words.filters}
          className="relative flex size-10 shrink-0 items-center justify-center rounded-6 text-soft transition-colors hover:bg-sunken hover:text-text"
        >
          <ListFilter className="size-4.5" aria-hidden />
          {active && (
            <span className="absolute top-2 right-2 size-2 rounded-full bg-accent" aria-hidden />
          )}
        </button>
      }
    />
  );
});

interface SearchBoxProps {
  field: RefObject<HTMLInputElement | null>;
  q: string;
  onDown: () => void;
}

const SearchBox = memo(function SearchBox({ field, q, onDown }: SearchBoxProps) {
  const navigate = useNavigate({ from: '/inbox' });
  const [typed, setTyped] = useState({ text: q, for: q });
  // The address may change by Back or by a link; what is being typed is newer than its own address.
  const text = typed.for === q || typed.text.trim() === q ? typed.text : q;
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => {
      const next = text.trim().slice(0, 128) || undefined;
      void navigate({ search: (before) => ({ ...before, q: next }), replace: true });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, q, navigate]);
  const write = (value: string) => setTyped({ text: value, for: q });
  return (
    <div className="relative">
      <Search className="absolute top-2.5 left-3 size-4 text-soft" aria-hidden />
      <input
        ref={field}
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') onDown();
          else if (event.key === 'Escape' && text) write('');
          else return;
          event.preventDefault();
        }}
        className="h-9 w-full rounded-6 border border-transparent bg-sunken pr-9 pl-9 max-sm:h-10 max-sm:text-16 [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <button
          type="button"
          onClick={() => {
            write('');
            field.current?.focus();
          }}
          aria-label={words.clearSearch}
          className="absolute top-0 right-0 flex h-full w-9 items-center justify-center text-soft hover:text-text"
        >
          <X className="size-4" aria-hidden />
        </button>
      )}
    </div>
  );
});

const Chips = memo(function Chips({ filter, accounts }: Filtered) {
  const counts = useQuery(countsQuery).data;
  const labels = useQuery(labelsQuery).data;
  const account = accounts.find(({ id }) => id === filter.account);
  const counted = account ? counts?.accounts.find((each) => each.sessionId === account.id) : counts;
  return (
    <nav
      aria-label={words.filters}
      className="-mx-3 flex gap-0.5 overflow-x-auto px-3 py-2 [scrollbar-width:none]"
    >
      {account && (
        <Chip part={{ account: undefined }} active removes>
          {accountName(account)}
        </Chip>
      )}
      {filter.status && (
        <Chip part={{ status: undefined }} active removes>
          {words.status[filter.status]}
        </Chip>
      )}
      {filter.label && labels && (
        <Chip part={{ label: undefined }} active removes>
          {labels.find(({ id }) => id === filter.label)?.name ?? words.unknownLabel}
        </Chip>
      )}
      <Chip part={{ show: undefined }} active={!filter.show}>
        {words.all}
      </Chip>
      {SHOWS.map((show) => (
        <Chip
          key={show}
          part={{ show }}
          active={filter.show === show}
          count={countOf(show, counted)}
        >
          {words[show]}
        </Chip>
      ))}
    </nav>
  );
});

function countOf(
  show: (typeof SHOWS)[number],
  counts: Pick<ChatCounts, 'unread' | 'mine' | 'unassigned'> | undefined,
): number {
  return show === 'groups' ? 0 : (counts?.[show] ?? 0);
}

interface ChipProps {
  part: Partial<InboxFilter>;
  active: boolean;
  count?: number;
  /** A press takes this filter away. */
  removes?: boolean;
  children: string;
}

function Chip({ part, active, count = 0, removes, children }: ChipProps) {
  return (
    <Link
      from="/inbox"
      to="/inbox"
      search={(search) => ({ ...search, ...part })}
      replace
      preload={false}
      aria-current={active && !removes ? 'true' : undefined}
      className={clsx(
        'flex h-8 max-w-40 shrink-0 items-center gap-1.5 rounded-full px-2 text-13 font-medium max-sm:h-10 max-sm:min-w-10 max-sm:justify-center max-sm:px-2.5',
        active ? 'bg-accent-soft text-accent-text' : 'text-soft hover:bg-sunken hover:text-text',
      )}
    >
      <span className="truncate" dir="auto">
        {children}
      </span>
      {count > 0 && <span className="text-12 nums">{count > 999 ? '999+' : count}</span>}
      {removes && <X className="size-3.5 shrink-0" aria-hidden />}
    </Link>
  );
}

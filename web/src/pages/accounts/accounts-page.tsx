import type { Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX, Smartphone } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { accountName } from '../../account-name.js';
import { sessionsQuery } from '../../api/queries.js';
import { folded } from '../../format/folded.js';
import { AddButton } from '../../ui/add-button.js';
import { Button } from '../../ui/button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { needsPerson } from '../../words/status-words.js';
import { words } from '../../words/words.js';
import { AccountCard } from './account-card.js';
import { AddAccount } from './add-account.js';
import { Filters } from './filters.js';

/** So many cards are drawn at first; more follow when the end of the list comes near. */
const CARDS_AT_ONCE = 60;

export function AccountsPage() {
  const { q = '', show, add } = useSearch({ from: '/signed-in/accounts' });
  const navigate = useNavigate({ from: '/accounts' });
  const { data, error, isPending, refetch } = useQuery(sessionsQuery);
  const [added, setAdded] = useState<string | null>(null);
  const setAdding = (adding: boolean) =>
    void navigate({ search: (search) => ({ ...search, add: adding || undefined }), replace: true });
  const sessions = data?.sessions ?? [];
  const shown = sessions.filter((session) => matches(session, q, show));
  const addButton = <AddButton label={words.accounts.add} onClick={() => setAdding(true)} />;
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${words.accounts.title} · ${words.product}`}</title>
      <header className="mb-4 flex min-h-10 items-center justify-between gap-4">
        <h1 className="text-20 font-semibold">{words.accounts.title}</h1>
        {sessions.length > 0 && addButton}
      </header>
      {sessions.length > 1 && <Filters sessions={sessions} />}
      {isPending && <LoadingCards />}
      {error && !data && (
        <ErrorNotice error={error} retry={() => void refetch()} className="py-16" />
      )}
      {data && sessions.length === 0 && (
        <Notice
          icon={<Smartphone className="size-6" aria-hidden />}
          title={words.accounts.emptyTitle}
          text={words.accounts.emptyText}
          className="py-20"
        >
          {addButton}
        </Notice>
      )}
      {sessions.length > 0 && shown.length === 0 && (
        <Notice
          icon={<SearchX className="size-6" aria-hidden />}
          title={words.accounts.noMatchTitle}
          text={words.accounts.noMatchText}
          className="py-16"
        >
          <Button onClick={() => void navigate({ search: {} })}>{words.accounts.showAll}</Button>
        </Notice>
      )}
      <Cards sessions={shown} added={added} />
      {add && (
        <AddAccount
          onClose={() => setAdding(false)}
          onAdded={(id) => {
            setAdded(id);
            void navigate({ search: {}, replace: true });
          }}
        />
      )}
    </div>
  );
}

function matches(session: Session, q: string, show: 'connected' | 'attention' | undefined) {
  if (show === 'connected' && session.state.status !== 'connected') return false;
  if (show === 'attention' && !needsPerson(session.state)) return false;
  const word = folded(q.trim());
  if (!word) return true;
  const digits = word.replace(/\D/g, '');
  return (
    folded(accountName(session)).includes(word) ||
    (digits.length > 2 && (session.phone?.includes(digits) ?? false))
  );
}

/** The account just added is brought into view, where its QR appears. */
function Cards({ sessions, added }: { sessions: Session[]; added: string | null }) {
  const [limit, setLimit] = useState(CARDS_AT_ONCE);
  const end = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const more = sessions.length > limit;
  useEffect(() => {
    if (!more || !end.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && setLimit((now) => now + CARDS_AT_ONCE),
      { rootMargin: '1200px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [more]);
  useEffect(() => {
    if (!added) return;
    const card = list.current?.querySelector(`[data-account="${CSS.escape(added)}"]`);
    card?.scrollIntoView({ block: 'center' });
  }, [added]);
  return (
    <>
      <ul ref={list} aria-label={words.accounts.list} className="flex flex-col gap-3">
        {sessions.slice(0, limit).map((session) => (
          <li key={session.id}>
            <AccountCard session={session} />
          </li>
        ))}
      </ul>
      {more && <div ref={end} className="h-24" />}
    </>
  );
}

function LoadingCards() {
  return (
    <div role="status" aria-label={words.accounts.loading} className="flex flex-col gap-3">
      {['first', 'second', 'third'].map((key) => (
        <div
          key={key}
          className="flex h-18.5 items-center gap-3 rounded-10 border border-line bg-surface p-4"
        >
          <Bone className="size-10 rounded-full" />
          <div className="flex-1 space-y-2">
            <Bone className="h-4 w-40" />
            <Bone className="h-3 w-28" />
          </div>
          <Bone className="h-6 w-28 rounded-full max-sm:hidden" />
          <Bone className="ml-20 h-8 w-60 max-lg:hidden" />
        </div>
      ))}
    </div>
  );
}

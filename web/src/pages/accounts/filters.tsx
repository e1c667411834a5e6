import type { Session } from '@patchbay/contract';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { inputClass } from '../../ui/field.js';
import { needsPerson } from '../../words/status-words.js';
import { words } from '../../words/words.js';

/** From this many accounts on, looking is slower than searching. */
const SEARCH_FROM = 6;

/** Which accounts to show; kept in the address. */
export function Filters({ sessions }: { sessions: Session[] }) {
  const { q = '' } = useSearch({ from: '/signed-in/accounts' });
  const navigate = useNavigate({ from: '/accounts' });
  const connected = sessions.filter((session) => session.state.status === 'connected').length;
  const attention = sessions.filter((session) => needsPerson(session.state)).length;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <nav aria-label={words.accounts.filter} className="-ml-2 flex gap-1 max-sm:overflow-x-auto">
        <Filter label={words.accounts.all} count={sessions.length} />
        <Filter label={words.accounts.connected} count={connected} show="connected" />
        <Filter label={words.accounts.attention} count={attention} show="attention" />
      </nav>
      {(sessions.length >= SEARCH_FROM || q) && (
        <label className="relative ml-auto w-64 max-sm:ml-0 max-sm:w-full">
          <span className="sr-only">{words.accounts.filter}</span>
          <Search
            className="pointer-events-none absolute top-3 left-3 size-4 text-soft"
            aria-hidden
          />
          <input
            type="search"
            value={q}
            placeholder={words.accounts.filterPlaceholder}
            className={`${inputClass} pl-9`}
            onChange={(event) =>
              void navigate({
                search: (search) => ({ ...search, q: event.target.value || undefined }),
                replace: true,
              })
            }
          />
        </label>
      )}
    </div>
  );
}

interface FilterProps {
  label: string;
  count: number;
  show?: 'connected' | 'attention';
}

function Filter({ label, count, show }: FilterProps) {
  const current = useSearch({ from: '/signed-in/accounts', select: (search) => search.show });
  const active = current === show;
  return (
    <Link
      to="/accounts"
      search={(search) => ({ q: search.q, show })}
      aria-current={active ? 'true' : undefined}
      className={`inline-flex h-10 items-center gap-1.5 rounded-6 px-2.5 font-medium whitespace-nowrap transition-colors hover:bg-sunken ${active ? 'text-text' : 'text-soft'}`}
    >
      {label}
      <span
        className={`min-w-5 rounded-full px-1.5 text-center text-12 leading-5 nums ${active ? 'bg-accent-soft text-accent-text' : 'bg-sunken text-soft'}`}
      >
        {count}
      </span>
    </Link>
  );
}

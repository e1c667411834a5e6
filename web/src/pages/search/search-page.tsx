import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { BookOpen, Download, Search, SearchX } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { exportAddress, knowledgeSearchQuery, type SearchFilter } from '../../api/knowledge.js';
import { buttonClass } from '../../ui/button.js';
import { inputClass } from '../../ui/field.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { knowledgeWords } from '../../words/knowledge-words.js';
import { words } from '../../words/words.js';
import { SearchFilters } from './search-filters.js';
import { SearchResult } from './search-result.js';

const w = knowledgeWords.search;
/** A letter that follows so soon (ms) is part of the same question. */
const PAUSE = 80;

/** Finds approved messages while somebody types. */
export function SearchPage() {
  const filter = useSearch({ from: '/signed-in/search' });
  const navigate = useNavigate({ from: '/search' });
  const setFilter = (changes: SearchFilter) =>
    void navigate({
      search: (now) => ({ ...now, ...changes }),
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <header className="mb-3 flex min-h-10 items-center justify-between gap-4">
        <h1 className="text-20 font-semibold">{w.title}</h1>
        <a className={buttonClass('secondary')} href={exportAddress(filter)} download="search.csv">
          <Download className="size-4" aria-hidden />
          {w.export}
        </a>
      </header>
      <QueryField q={filter.q ?? ''} onChange={(q) => setFilter({ q: q || undefined })} />
      <SearchFilters filter={filter} onChange={setFilter} />
      <Results filter={filter} onTag={(tag) => setFilter({ tag })} />
    </div>
  );
}

/** Keeps what is typed to itself, and tells when a hand rests. */
function QueryField({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  const [told, setTold] = useState(q);
  if (q !== told) {
    // Back or a link has changed the address.
    setTold(q);
    setTyped(q);
  }
  useEffect(() => {
    if (typed === told) return;
    const timer = setTimeout(() => {
      setTold(typed);
      onChange(typed);
    }, PAUSE);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative mb-2">
      <Search
        className="pointer-events-none absolute top-3 left-3 size-4.5 text-soft"
        aria-hidden
      />
      <input
        type="search"
        aria-label={w.label}
        placeholder={w.placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={256}
        dir="auto"
        // biome-ignore lint/a11y/noAutofocus: who opens this page wants to type
        autoFocus
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        className={`${inputClass} h-11 pl-10`}
      />
    </div>
  );
}

function Results({ filter, onTag }: { filter: SearchFilter; onTag: (tag: string) => void }) {
  const query = useInfiniteQuery(knowledgeSearchQuery(filter));
  useForgetOthers(filter);
  const pages = useDeferredValue(query.data?.pages);
  const results = pages?.flatMap((page) => page.results) ?? [];
  const isAll = Object.values(filter).every((value) => value === undefined);
  if (query.error && !query.data) {
    return <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-16" />;
  }
  if (!pages) return <LoadingResults />;
  if (results.length === 0) {
    return (
      <Notice
        icon={
          isAll ? (
            <BookOpen className="size-6" aria-hidden />
          ) : (
            <SearchX className="size-6" aria-hidden />
          )
        }
        title={isAll ? w.empty : w.none}
        text={isAll ? w.emptyText : w.noneText}
        className="py-16"
      />
    );
  }
  return (
    <>
      {pages[0]?.degraded && <p className="mb-2 text-13 text-attention">{w.degraded}</p>}
      <p role="status" className="mb-2 text-13 text-soft">
        {w.count(results.length, query.hasNextPage)}
      </p>
      <ul
        aria-label={w.results}
        aria-busy={query.isPlaceholderData}
        className="divide-y divide-line rounded-10 border border-line bg-surface"
      >
        {results.map(({ item, snippet }) => (
          <SearchResult
            key={`${item.groupId}/${item.messageId}`}
            item={item}
            snippet={snippet}
            onTag={onTag}
          />
        ))}
      </ul>
      <MoreButton query={query}>{w.more}</MoreButton>
    </>
  );
}

/** What was found for each letter on the way is not kept. */
function useForgetOthers(filter: SearchFilter): void {
  const cache = useQueryClient();
  useEffect(
    () => () => {
      const { queryKey } = knowledgeSearchQuery(filter);
      cache.removeQueries({ queryKey, exact: true, type: 'inactive' });
    },
    [cache, filter],
  );
}

function LoadingResults() {
  return (
    <div role="status" aria-label={w.loading} className="space-y-4 pt-4">
      {['first', 'second', 'third'].map((key) => (
        <div key={key} className="space-y-2">
          <Bone className="h-4 w-40" />
          <Bone className="h-4 w-full max-w-140" />
        </div>
      ))}
    </div>
  );
}

import type { ReactNode } from 'react';
import { words } from '../words/words.js';
import { Bone, ErrorNotice, Notice } from './states.js';

interface ListPageProps<Item> {
  title: string;
  /** Names the list, and what is waited for. */
  label: string;
  loading: string;
  query: { error: Error | null; refetch: () => unknown };
  /** Undefined until they are there. */
  items: readonly Item[] | undefined;
  /** The button by which one is added. */
  add: ReactNode;
  /** What the list is for, while there is nothing in it; without `add` that is not possible yet. */
  empty: { icon: ReactNode; title: string; text: string; add: boolean };
  card: (item: Item) => ReactNode;
  /** What lies above the page. */
  children?: ReactNode;
}

/** A page with one list of cards, in all its states. */
export function ListPage<Item extends { id: string }>(props: ListPageProps<Item>) {
  const { title, label, loading, query, items, add, empty, card, children } = props;
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${title} · ${words.product}`}</title>
      <header className="mb-4 flex min-h-10 items-center justify-between gap-4">
        <h1 className="text-20 font-semibold">{title}</h1>
        {items && items.length > 0 && add}
      </header>
      {!items && !query.error && <LoadingCards label={loading} />}
      {!items && query.error && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-16" />
      )}
      {items?.length === 0 && (
        <Notice icon={empty.icon} title={empty.title} text={empty.text} className="py-20">
          {empty.add && add}
        </Notice>
      )}
      {items && items.length > 0 && (
        <ul aria-label={label} className="flex flex-col gap-3">
          {items.map((item) => (
            <li key={item.id}>{card(item)}</li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}

function LoadingCards({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3">
      {['first', 'second', 'third'].map((key) => (
        <div
          key={key}
          className="flex h-19 items-center gap-3 rounded-10 border border-line bg-surface p-4"
        >
          <div className="flex-1 space-y-2">
            <Bone className="h-4 w-56 max-w-full" />
            <Bone className="h-3 w-36" />
          </div>
          <Bone className="h-6 w-16 rounded-full" />
        </div>
      ))}
    </div>
  );
}

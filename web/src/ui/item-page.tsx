import { Link, type LinkProps } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { words } from '../words/words.js';
import { ErrorNotice } from './states.js';

interface ItemPageProps<Item> {
  /** The list that it belongs to, and what leads back there. */
  list: { to: LinkProps['to']; title: string; back: string };
  name: (item: Item) => string;
  query: { data: Item | undefined; error: Error | null; refetch: () => unknown };
  loading: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A page of one thing out of a list, in all its states. */
export function ItemPage<Item>({ list, name, query, loading, children }: ItemPageProps<Item>) {
  const { data: item, error, refetch } = query;
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${item ? name(item) : list.title} · ${words.product}`}</title>
      <Link
        to={list.to}
        className="-ml-2 inline-flex h-10 items-center gap-1.5 rounded-6 px-2 text-soft hover:bg-sunken hover:text-text"
      >
        <ArrowLeft className="size-4" aria-hidden />
        {list.back}
      </Link>
      {!item && !error && loading}
      {!item && error && (
        <ErrorNotice
          page={list.title}
          error={error}
          retry={() => void refetch()}
          className="py-16"
        />
      )}
      {item && children(item)}
    </div>
  );
}

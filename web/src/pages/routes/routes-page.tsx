import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { accountGroupsQuery } from '../../api/knowledge.js';
import { AddButton } from '../../ui/add-button.js';
import { knowledgeWords } from '../../words/knowledge-words.js';
import { words } from '../../words/words.js';
import { Forwards } from './forwards.js';
import { Groups } from './groups.js';
import { RouteList } from './route-list.js';

const w = knowledgeWords.routes;
const RouteForm = lazy(async () => ({ default: (await import('./route-form.js')).RouteForm }));

/** The groups of all accounts, where their approved messages go, and what went there. */
export function RoutesPage() {
  const { add, from } = useSearch({ from: '/signed-in/routes' });
  const navigate = useNavigate({ from: '/routes' });
  const { data } = useInfiniteQuery(accountGroupsQuery);
  const groups = data?.pages.flatMap((page) => page.groups) ?? [];
  const setAdding = (adding: boolean, source?: string) =>
    void navigate({ search: { add: adding || undefined, from: source }, replace: true });
  const addButton = <AddButton label={w.add} onClick={() => setAdding(true)} />;
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <header className="mb-4 flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-20 font-semibold">{w.title}</h1>
          <p className="text-soft text-pretty">{w.text}</p>
        </div>
        {addButton}
      </header>
      <RouteList add={addButton} />
      <Groups onRoute={(id) => setAdding(true, id)} />
      <Forwards />
      {add && data && (
        <Suspense>
          <RouteForm groups={groups} source={from ?? ''} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </div>
  );
}

import type { Route } from '@patchbay/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Route as RouteIcon, Send, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { deleteRoute, routesQuery, testRoute } from '../../api/knowledge.js';
import { knowledgeKeys } from '../../api/knowledge-keys.js';
import { sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button, IconButton } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { knowledgeWords } from '../../words/knowledge-words.js';
import { Confirm } from '../settings/confirm.js';
import { useMayManage } from '../use-may-manage.js';
import { RouteGraph } from './route-graph.js';

const w = knowledgeWords.routes;

/** All routes, each as a small graph. */
export function RouteList({ add }: { add: ReactNode }) {
  const query = useInfiniteQuery(routesQuery);
  const routes = query.data?.pages.flatMap((page) => page.routes) ?? [];
  return (
    <section aria-label={w.list} className="mb-8">
      {query.isPending && <LoadingRoutes />}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />
      )}
      {query.data && routes.length === 0 && (
        <Notice
          icon={<RouteIcon className="size-6" aria-hidden />}
          title={w.none}
          text={w.noneText}
          className="py-10"
        >
          {add}
        </Notice>
      )}
      {routes.length > 0 && (
        <ul aria-label={w.list} className="grid gap-3 lg:grid-cols-2">
          {routes.map((route) => (
            <li key={route.id}>
              <RouteCard route={route} />
            </li>
          ))}
        </ul>
      )}
      <MoreButton query={query}>{w.moreRoutes}</MoreButton>
    </section>
  );
}

function RouteCard({ route }: { route: Route }) {
  const cache = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const { data } = useQuery(sessionsQuery);
  const account = data?.sessions.find(({ id }) => id === route.sessionId);
  const mayManage = useMayManage({ userId: account?.userId ?? '' });
  const source = route.source.subject ?? w.unnamed;
  const test = useMutation({
    mutationFn: () => testRoute(route.id),
    onSuccess: ({ results }) => {
      const accepted = results.filter((one) => one.accepted).length;
      if (accepted > 0) toast.success(w.tested(accepted));
      for (const { targetGroupId, error } of results) {
        const name = route.targets.find(({ id }) => id === targetGroupId)?.subject ?? w.unnamed;
        if (error) toast.error(w.testFailed(name, error));
      }
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  const remove = async () => {
    await deleteRoute(route.id);
    toast.success(w.removed);
    await cache.invalidateQueries({ queryKey: knowledgeKeys.routes });
  };
  return (
    <article className="rounded-10 border border-line bg-surface p-4 shadow-1">
      <RouteGraph source={route.source.subject} targets={route.targets} />
      <footer className="mt-3 flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-13 text-soft" dir="auto">
          {w.through(account ? accountName(account) : route.sessionId)}
        </p>
        {mayManage && (
          <>
            <Button
              aria-label={w.testRoute(source)}
              icon={<Send className="size-4" aria-hidden />}
              busy={test.isPending}
              onClick={() => test.mutate()}
            >
              {w.test}
            </Button>
            <IconButton label={w.removeRoute(source)} onClick={() => setRemoving(true)}>
              <Trash2 className="size-4.5" aria-hidden />
            </IconButton>
          </>
        )}
      </footer>
      {removing && (
        <Confirm
          title={w.removeTitle}
          text={w.removeText}
          submit={w.remove}
          work={remove}
          onClose={() => setRemoving(false)}
        />
      )}
    </article>
  );
}

function LoadingRoutes() {
  return (
    <div role="status" aria-label={w.loading} className="grid gap-3 lg:grid-cols-2">
      <Bone className="h-36 rounded-10" />
      <Bone className="h-36 rounded-10" />
    </div>
  );
}

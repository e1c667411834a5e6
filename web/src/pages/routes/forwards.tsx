import type { Forward } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { Forward as ForwardIcon } from 'lucide-react';
import { forwardsQuery } from '../../api/knowledge.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { knowledgeWords } from '../../words/knowledge-words.js';

const w = knowledgeWords.forwards;
const { unnamed } = knowledgeWords.routes;

const TONES: Partial<Record<Forward['state'], string>> = {
  delivered: 'bg-ok-soft text-ok',
  read: 'bg-ok-soft text-ok',
  played: 'bg-ok-soft text-ok',
  sent: 'bg-ok-soft text-ok',
  failed: 'bg-danger-soft text-danger',
  expired: 'bg-danger-soft text-danger',
  cancelled: 'bg-neutral-soft text-neutral',
};

/** What was forwarded and how far it has come, newest first. */
export function Forwards() {
  const query = useInfiniteQuery(forwardsQuery);
  const forwards = query.data?.pages.flatMap((page) => page.forwards) ?? [];
  return (
    <section aria-label={w.title}>
      <h2 className="mb-3 text-16 font-semibold">{w.title}</h2>
      {query.isPending && (
        <div role="status" aria-label={w.loading} className="space-y-2">
          <Bone className="h-14" />
          <Bone className="h-14" />
        </div>
      )}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />
      )}
      {query.data && forwards.length === 0 && (
        <Notice
          icon={<ForwardIcon className="size-6" aria-hidden />}
          title={w.none}
          text={w.noneText}
          className="py-10"
        />
      )}
      {forwards.length > 0 && (
        <ul
          aria-label={w.list}
          className="divide-y divide-line rounded-10 border border-line bg-surface"
        >
          {forwards.map((forward) => (
            <ForwardRow key={forward.id} forward={forward} />
          ))}
        </ul>
      )}
      <MoreButton query={query}>{w.older}</MoreButton>
    </section>
  );
}

function ForwardRow({ forward }: { forward: Forward }) {
  const { text, state, error, createdAt, sourceSubject, targetSubject } = forward;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="line-clamp-2 wrap-anywhere-soft" dir="auto">
          {text || w.noText}
        </p>
        <p className="text-13 text-soft wrap-anywhere-soft">
          {w.way(sourceSubject ?? unnamed, targetSubject ?? unnamed)}
        </p>
        {error && <p className="text-13 text-danger text-pretty">{error}</p>}
      </div>
      <span
        className={clsx(
          'inline-flex h-6 items-center rounded-full px-2.5 text-13 font-medium',
          TONES[state] ?? 'bg-waiting-soft text-waiting',
        )}
      >
        {w.states[state]}
      </span>
      <When at={createdAt} className="text-13 text-soft tabular-nums" />
    </li>
  );
}

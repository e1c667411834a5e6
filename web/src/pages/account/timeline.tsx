import { useInfiniteQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { History } from 'lucide-react';
import { eventsQuery } from '../../api/queries.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { type TimelineEntry, timelineOf } from '../../words/event-words.js';
import type { Tone } from '../../words/status-words.js';
import { words } from '../../words/words.js';

const DOT: Record<Tone, string> = {
  ok: 'bg-ok',
  waiting: 'bg-waiting',
  attention: 'bg-attention',
  danger: 'bg-danger',
  neutral: 'bg-control-line',
};

/** Everything that happened to the account, newest first, each with its cause. */
export function Timeline({ sessionId }: { sessionId: string }) {
  const query = useInfiniteQuery(eventsQuery(sessionId));
  if (query.isPending) return <LoadingTimeline />;
  if (query.error && !query.data) {
    return <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />;
  }
  const events = query.data.pages.toReversed().flatMap((page) => page.events);
  const entries = timelineOf(events);
  if (entries.length === 0) {
    return (
      <Notice
        icon={<History className="size-6" aria-hidden />}
        title={words.timeline.emptyTitle}
        text={words.timeline.emptyText}
        className="py-10"
      />
    );
  }
  return (
    <>
      <ol aria-label={words.timeline.label}>
        {entries.map((entry, index) => (
          <Entry key={entry.key} entry={entry} last={index === entries.length - 1} />
        ))}
      </ol>
      <MoreButton query={query}>{words.timeline.older}</MoreButton>
    </>
  );
}

function Entry({ entry, last }: { entry: TimelineEntry; last: boolean }) {
  return (
    <li className="flex gap-3">
      <div className="flex w-2.5 flex-col items-center" aria-hidden>
        <span className={clsx('mt-1.5 size-2.5 shrink-0 rounded-full', DOT[entry.tone])} />
        {!last && <span className="mt-1 w-px flex-1 bg-line" />}
      </div>
      <div className="min-w-0 flex-1 pb-4">
        <div className="flex items-baseline justify-between gap-3">
          <p className="font-medium">{entry.title}</p>
          <When at={entry.at} className="shrink-0 text-12 text-soft nums" />
        </div>
        {entry.detail && (
          <p className="text-13 text-soft text-pretty wrap-anywhere-soft nums">{entry.detail}</p>
        )}
      </div>
    </li>
  );
}

function LoadingTimeline() {
  return (
    <div role="status" aria-label={words.timeline.loading} className="space-y-5">
      {['first', 'second', 'third', 'fourth'].map((key) => (
        <div key={key} className="flex gap-3">
          <Bone className="mt-1.5 size-2.5 rounded-full" />
          <div className="flex-1 space-y-2">
            <Bone className="h-4 w-32" />
            <Bone className="h-3 w-48" />
          </div>
        </div>
      ))}
    </div>
  );
}

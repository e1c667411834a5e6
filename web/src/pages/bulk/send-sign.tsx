import type { BulkCounts, BulkRowState, BulkSend, BulkState } from '@patchbay/contract';
import clsx from 'clsx';
import { bulkWords as w } from '../../words/bulk-words.js';

const badge =
  'inline-flex h-6 shrink-0 items-center rounded-full px-2.5 text-13 font-medium whitespace-nowrap';

const OF_SEND: Record<BulkState, string> = {
  scheduled: 'bg-waiting-soft text-waiting',
  running: 'bg-accent-soft text-accent-text',
  paused: 'bg-attention-soft text-attention',
  done: 'bg-ok-soft text-ok',
  cancelled: 'bg-neutral-soft text-neutral',
};

const OF_ROW: Record<BulkRowState, string> = {
  pending: 'bg-neutral-soft text-neutral',
  queued: 'bg-waiting-soft text-waiting',
  sent: 'bg-accent-soft text-accent-text',
  delivered: 'bg-ok-soft text-ok',
  read: 'bg-ok-soft text-ok',
  failed: 'bg-danger-soft text-danger',
  cancelled: 'bg-neutral-soft text-neutral',
  invalid: 'bg-attention-soft text-attention',
  duplicate: 'bg-attention-soft text-attention',
};

export function SendSign({ state }: Pick<BulkSend, 'state'>) {
  return (
    <span data-bulk={state} className={clsx(badge, OF_SEND[state])}>
      {w.state[state]}
    </span>
  );
}

export function RowSign({ state }: { state: BulkRowState }) {
  return <span className={clsx(badge, OF_ROW[state])}>{w.rowState[state]}</span>;
}

/** Rows that are to be sent, and those of them that have left or failed. */
export function progressOf(counts: BulkCounts): { done: number; all: number } {
  const { sent, delivered, read, failed, cancelled, pending, queued } = counts;
  const done = sent + delivered + read + failed;
  return { done, all: done + cancelled + pending + queued };
}

/** How far a send is, by what became of its rows. */
export function Progress({ counts }: { counts: BulkCounts }) {
  const { done, all } = progressOf(counts);
  const parts: [keyof BulkCounts, string][] = [
    ['read', 'bg-tick-read'],
    ['delivered', 'bg-ok'],
    ['sent', 'bg-accent'],
    ['failed', 'bg-danger'],
  ];
  return (
    <div
      role="progressbar"
      aria-label={w.one.progress}
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
      aria-valuetext={w.one.left(done, all)}
      className="flex h-2 overflow-hidden rounded-full bg-sunken"
    >
      {parts.map(([state, colour]) => (
        <div
          key={state}
          className={clsx(colour, 'transition-[width] motion-reduce:transition-none')}
          style={{ width: `${all === 0 ? 0 : (counts[state] / all) * 100}%` }}
        />
      ))}
    </div>
  );
}

import type { BulkRow, BulkRowState, BulkSend } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { bulkRowsQuery } from '../../api/bulk.js';
import { formatPhone } from '../../format/phone.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { bulkWords } from '../../words/bulk-words.js';
import { RowSign } from './send-sign.js';

const w = bulkWords.one;
const STATES = Object.keys(bulkWords.rowState) as BulkRowState[];

/** The rows of a send in the order of sending, all or those in one state. */
export function Rows({ send, show }: { send: BulkSend; show: BulkRowState | undefined }) {
  const query = useInfiniteQuery(bulkRowsQuery(send.id, show, send.state === 'running'));
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section aria-label={w.rows}>
      <h2 className="mb-3 text-16 font-semibold">{w.rows}</h2>
      <Filter send={send} show={show} />
      {query.isPending && (
        <div role="status" aria-label={w.loadingRows} className="space-y-2">
          <Bone className="h-14" />
          <Bone className="h-14" />
          <Bone className="h-14" />
        </div>
      )}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />
      )}
      {query.data && rows.length === 0 && <p className="py-6 text-soft">{w.none}</p>}
      {rows.length > 0 && <RowList label={w.rows} rows={rows} />}
      <MoreButton query={query}>{w.moreRows}</MoreButton>
    </section>
  );
}

/** States that rows are in, with how many; a press shows only those. */
function Filter({ send, show }: { send: BulkSend; show: BulkRowState | undefined }) {
  const navigate = useNavigate({ from: '/bulk/$bulkId' });
  const choose = (state: BulkRowState | undefined) =>
    void navigate({ search: { show: state }, replace: true });
  const shown = STATES.filter((state) => send.counts[state] > 0 || state === show);
  const choice = (label: string, count: number, state: BulkRowState | undefined) => (
    <button
      key={label}
      type="button"
      aria-pressed={show === state}
      onClick={() => choose(state)}
      className={clsx(
        'inline-flex h-10 items-center gap-1.5 rounded-full border px-3 text-13 font-medium transition-colors',
        show === state
          ? 'border-accent bg-accent-soft text-accent-text'
          : 'border-control-line hover:bg-sunken',
      )}
    >
      {label}
      <span className="nums">{count.toLocaleString()}</span>
    </button>
  );
  return (
    <fieldset className="mb-3 flex flex-wrap gap-2">
      <legend className="sr-only">{w.show}</legend>
      {choice(w.all, send.total, undefined)}
      {shown.map((state) => choice(bulkWords.rowState[state], send.counts[state], state))}
    </fieldset>
  );
}

/** Rows one under the other. */
export function RowList({ label, rows }: { label: string; rows: readonly BulkRow[] }) {
  return (
    <ul
      aria-label={label}
      className="mb-3 divide-y divide-line rounded-10 border border-line bg-surface"
    >
      {rows.map((row) => (
        <RowLine key={row.number} row={row} />
      ))}
    </ul>
  );
}

function RowLine({ row }: { row: BulkRow }) {
  const { line, phone, text, state, error, changedAt } = row;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto]">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium nums wrap-anywhere-soft">{formatPhone(phone)}</p>
        {text !== null && (
          <p className="line-clamp-2 text-13 text-soft wrap-anywhere-soft" dir="auto">
            {text}
          </p>
        )}
        {error && <p className="text-13 text-danger text-pretty wrap-anywhere-soft">{error}</p>}
      </div>
      <span className="text-13 text-soft nums">{w.line(line)}</span>
      {changedAt && <When at={changedAt} className="text-13 text-soft nums" />}
      <RowSign state={state} />
    </li>
  );
}

import type { BulkCheck, BulkEstimate } from '@patchbay/contract';
import clsx from 'clsx';
import { messageOf } from '../../api/request.js';
import { formatFull } from '../../format/time.js';
import { Select } from '../../ui/form.js';
import { bulkWords } from '../../words/bulk-words.js';
import { RowList } from './rows.js';
import type { SendDraft } from './send-draft.js';

const w = bulkWords.make;

interface CheckResultProps {
  check: BulkCheck | undefined;
  error: Error | null;
  busy: boolean;
  draft: SendDraft;
  onChange: (changes: Partial<SendDraft>) => void;
}

/** What the server says would become of it: columns, rows, limits, the first messages. */
export function CheckResult({ check, error, busy, draft, onChange }: CheckResultProps) {
  return (
    <section
      aria-label={w.result}
      aria-busy={busy}
      className="rounded-10 border border-line bg-surface p-4"
    >
      <div className="mb-3 flex items-baseline justify-between gap-4">
        <h2 className="text-16 font-semibold">{w.result}</h2>
        <p role="status" className="text-13 text-soft">
          {busy && w.checking}
        </p>
      </div>
      {error && (
        <p role="alert" className="text-danger text-pretty wrap-anywhere-soft">
          {messageOf(error)}
        </p>
      )}
      {!check && !error && <p className="text-soft text-pretty">{w.incomplete}</p>}
      {check && (
        <>
          {check.columns && <Columns check={check} draft={draft} onChange={onChange} />}
          <dl className="mb-3 grid grid-cols-3 gap-2">
            <Count label={w.valid} count={check.valid} tone="text-ok" />
            <Count label={w.invalid} count={check.invalid} tone="text-attention" />
            <Count label={w.duplicate} count={check.duplicate} tone="text-attention" />
          </dl>
          {check.estimate && <Estimate estimate={check.estimate} />}
          {check.preview.length > 0 && (
            <>
              <h3 className="mt-4 mb-2 font-medium">{w.preview}</h3>
              <RowList label={w.preview} rows={check.preview.slice(0, 3)} />
            </>
          )}
          {check.problems.length > 0 && (
            <>
              <h3 className="mt-4 mb-2 font-medium">{w.problems}</h3>
              <RowList label={w.problems} rows={check.problems.slice(0, 5)} />
            </>
          )}
        </>
      )}
    </section>
  );
}

interface ColumnsProps {
  check: BulkCheck;
  draft: SendDraft;
  onChange: (changes: Partial<SendDraft>) => void;
}

/** Which column has the numbers, and which each variable. */
function Columns({ check, draft, onChange }: ColumnsProps) {
  const columns = [...new Set(check.columns)].filter((column) => column !== '');
  const options = columns.map((column) => (
    <option key={column} value={column}>
      {column}
    </option>
  ));
  return (
    <div className="grid gap-x-4 sm:grid-cols-2">
      <Select
        label={w.phoneColumn}
        value={check.phoneColumn ?? ''}
        onChange={({ target }) => onChange({ phoneColumn: target.value })}
      >
        {check.phoneColumn === null && <option value="">{w.noColumn}</option>}
        {options}
      </Select>
      {Object.entries(check.mapping).map(([variable, column]) => (
        <Select
          key={variable}
          label={w.columnOf(variable)}
          value={column ?? ''}
          onChange={({ target }) =>
            onChange({ columns: { ...draft.columns, [variable]: target.value } })
          }
        >
          {column === null && <option value="">{w.noColumn}</option>}
          {options}
        </Select>
      ))}
    </div>
  );
}

function Count({ label, count, tone }: { label: string; count: number; tone: string }) {
  return (
    <div className="flex flex-col-reverse rounded-6 bg-sunken px-3 py-2">
      <dt className="text-13 text-soft">{label}</dt>
      <dd className={clsx('text-20 font-semibold nums', count > 0 && tone)}>
        {count.toLocaleString()}
      </dd>
    </div>
  );
}

function Estimate({ estimate }: { estimate: BulkEstimate }) {
  const { messages, beginsAt, endsAt, days, perMinute, perDay, newChats, refusal } = estimate;
  const at = (iso: string) => formatFull(new Date(iso));
  return (
    <>
      <p className="text-pretty nums">
        {w.estimate.span(messages, at(beginsAt), at(endsAt))}. {w.estimate.days(days)}
      </p>
      <p className="text-13 text-soft nums">
        {w.estimate.limits}: {w.estimate.pace(perMinute, perDay)}
        {newChats > 0 && `. ${w.estimate.newChats(newChats)}`}
      </p>
      {refusal && (
        <p role="alert" className="mt-2 rounded-6 bg-danger-soft p-3 text-danger text-pretty">
          {refusal}
        </p>
      )}
    </>
  );
}

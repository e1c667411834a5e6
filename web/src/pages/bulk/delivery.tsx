import type { DeliveryBy, DeliveryCounts, DeliveryDay } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { accountName } from '../../account-name.js';
import {
  type DeliveryFilter,
  deliveryDaysQuery,
  deliveryGroupsQuery,
  templatesQuery,
} from '../../api/bulk.js';
import { sessionsQuery } from '../../api/queries.js';
import { DayChart } from '../../ui/day-chart.js';
import { Select } from '../../ui/form.js';
import { Segments } from '../../ui/segments.js';
import { Bone, ErrorNotice } from '../../ui/states.js';
import { bulkWords } from '../../words/bulk-words.js';

const w = bulkWords.charts;
const SPANS = [7, 30, 90];

interface Measure {
  name: keyof DeliveryCounts;
  label: string;
  colour: string;
}

const MEASURES: Measure[] = [
  { name: 'sent', label: w.sent, colour: 'bg-accent' },
  { name: 'delivered', label: w.delivered, colour: 'bg-ok' },
  { name: 'read', label: w.read, colour: 'bg-tick-read' },
  { name: 'failed', label: w.failed, colour: 'bg-danger' },
];

/** How far messages have come that were sent from here, by day and by what they belong to. */
export function Delivery() {
  const [filter, setFilter] = useState<DeliveryFilter>({ days: 30 });
  const { data, error, isPending, refetch } = useQuery(deliveryDaysQuery(filter));
  return (
    <section aria-label={bulkWords.delivery}>
      <Filters filter={filter} onChange={setFilter} />
      {isPending && (
        <div role="status" aria-label={w.loading} className="grid gap-4 sm:grid-cols-2">
          {MEASURES.map(({ name }) => (
            <Bone key={name} className="h-36" />
          ))}
        </div>
      )}
      {error && !data && (
        <ErrorNotice error={error} retry={() => void refetch()} className="py-12" />
      )}
      {data && (
        <>
          <p className="mb-3 text-13 text-soft">{w.of(filter.days)}</p>
          <ul className="mb-6 grid gap-4 sm:grid-cols-2">
            {MEASURES.map((measure) => (
              <Chart key={measure.name} measure={measure} days={data.days} total={data.total} />
            ))}
          </ul>
          <Groups filter={filter} />
        </>
      )}
    </section>
  );
}

interface FiltersProps {
  filter: DeliveryFilter;
  onChange: (filter: DeliveryFilter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { data: accounts } = useQuery(sessionsQuery);
  const { data: templates } = useQuery(templatesQuery);
  const change = (changes: Partial<DeliveryFilter>) => onChange({ ...filter, ...changes });
  return (
    <div className="mb-2 grid gap-x-4 sm:grid-cols-3">
      <Select
        label={w.account}
        value={filter.sessionId ?? ''}
        onChange={({ target }) => change({ sessionId: target.value || undefined })}
      >
        <option value="">{w.allAccounts}</option>
        {accounts?.sessions.map((account) => (
          <option key={account.id} value={account.id}>
            {accountName(account)}
          </option>
        ))}
      </Select>
      <Select
        label={w.template}
        value={filter.templateId ?? ''}
        onChange={({ target }) => change({ templateId: target.value || undefined })}
      >
        <option value="">{w.anyTemplate}</option>
        {templates?.templates.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        label={w.span}
        value={filter.days}
        onChange={({ target }) => change({ days: Number(target.value) })}
      >
        {SPANS.map((days) => (
          <option key={days} value={days}>
            {w.days(days)}
          </option>
        ))}
      </Select>
    </div>
  );
}

interface ChartProps {
  measure: Measure;
  days: readonly DeliveryDay[];
  total: DeliveryCounts;
}

function Chart({ measure: { name, label, colour }, days, total }: ChartProps) {
  const share = total.accepted === 0 ? null : total[name] / total.accepted;
  return (
    <DayChart
      label={label}
      dayLabel={w.day}
      colour={colour}
      values={days.map((day) => ({ day: day.day, value: day[name] }))}
      sum={
        <>
          <span className="text-20 font-semibold nums">{total[name].toLocaleString()}</span>
          {share !== null && <span className="text-13 text-soft nums">{w.share(share)}</span>}
        </>
      }
    />
  );
}

/** The same as a table, by account, template or bulk send. */
function Groups({ filter }: { filter: DeliveryFilter }) {
  const [by, setBy] = useState<DeliveryBy>('session');
  const { data, error, refetch } = useQuery(deliveryGroupsQuery(by, filter));
  const { data: accounts } = useQuery(sessionsQuery);
  const nameOf = ({ id, name }: { id: string; name: string | null }) => {
    const account = by === 'session' && accounts?.sessions.find((each) => each.id === id);
    return (account ? accountName(account) : name) ?? w.unnamed;
  };
  return (
    <>
      <div className="mb-3 max-w-120">
        <Segments<DeliveryBy>
          label={w.by}
          value={by}
          options={(['session', 'template', 'bulk'] as const).map((value) => ({
            value,
            label: w.bys[value],
          }))}
          onChoose={setBy}
        />
      </div>
      {error && !data && (
        <ErrorNotice error={error} retry={() => void refetch()} className="py-10" />
      )}
      {data?.groups.length === 0 && <p className="py-4 text-soft">{w.nothing}</p>}
      {data && data.groups.length > 0 && (
        <section
          aria-label={w.by}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
          tabIndex={0}
          className="overflow-x-auto rounded-10 border border-line bg-surface"
        >
          <table className="w-full min-w-120 text-left nums">
            <thead className="text-13 text-soft">
              <tr className="border-b border-line">
                <th scope="col" className="px-4 py-2 font-medium">
                  {w.bys[by]}
                </th>
                {[w.accepted, ...MEASURES.map(({ label }) => label)].map((label) => (
                  <th key={label} scope="col" className="px-4 py-2 text-right font-medium">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {data.groups.map((group) => (
                <tr key={group.id}>
                  <th scope="row" className="max-w-64 truncate px-4 py-2.5 font-medium" dir="auto">
                    {nameOf(group)}
                  </th>
                  {(['accepted', ...MEASURES.map(({ name }) => name)] as const).map((name) => (
                    <td key={name} className="px-4 py-2.5 text-right">
                      {group[name].toLocaleString()}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

import clsx from 'clsx';
import type { ReactNode } from 'react';

interface DayChartProps {
  label: string;
  /** Heads the column of days. */
  dayLabel: string;
  /** What the bars come to. */
  sum: ReactNode;
  values: { day: string; value: number }[];
  /** A class that fills the bars. */
  colour?: string;
}

/** Bars by day; the numbers are a table for those who do not see them. */
export function DayChart({ label, dayLabel, sum, values, colour = 'bg-accent' }: DayChartProps) {
  const most = Math.max(1, ...values.map(({ value }) => value));
  return (
    <li className="rounded-10 border border-line bg-surface p-4">
      <h2 className="text-13 text-soft">{label}</h2>
      <p className="mb-2 flex items-baseline gap-2">{sum}</p>
      <div aria-hidden className="flex h-16 items-end gap-px">
        {values.map(({ day, value }) => (
          <div
            key={day}
            title={`${day}: ${value.toLocaleString()}`}
            className={clsx('min-h-px flex-1 rounded-t-[2px]', colour)}
            style={{ height: `${(value / most) * 100}%` }}
          />
        ))}
      </div>
      <table className="sr-only">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{dayLabel}</th>
            <th scope="col">{label}</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ day, value }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </li>
  );
}

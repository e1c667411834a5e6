import { formatFull, formatWhen } from '../format/time.js';
import { useHalfMinutes } from './now.js';

/** A moment: relative under a day, the whole date and time on hover. */
export function When({ at, className }: { at: string; className?: string }) {
  const now = useHalfMinutes();
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatFull(date)} className={className}>
      {formatWhen(date, Math.max(now, date.getTime()))}
    </time>
  );
}

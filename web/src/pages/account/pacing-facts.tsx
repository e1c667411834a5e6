import type { OutboxPage, Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { outboxQuery } from '../../api/queries.js';
import { Fact, Facts } from '../../conversation/fact.js';
import { formatClock } from '../../format/time.js';
import { words } from '../../words/words.js';
import { useMayManage } from '../use-may-manage.js';
import { PacingForm } from './pacing-form.js';

/** The account's limits for sending, what of them is used up, and what waits. */
export function PacingFacts({ session }: { session: Session }) {
  const { data } = useQuery(outboxQuery(session.id));
  const mayManage = useMayManage(session);
  if (!data) return null;
  const { settings, lastMinute, today, newChatsToday } = data.pacing;
  const { quietHours, timeZone, newChatsPerDay } = settings;
  const used = words.pacing.used;
  return (
    <section aria-label={words.pacing.title}>
      <h2 className="mt-6 mb-3 font-semibold">{words.pacing.title}</h2>
      <Facts>
        <Fact label={words.pacing.minute}>{used(lastMinute, settings.perMinute)}</Fact>
        <Fact label={words.pacing.day}>{used(today, settings.perDay)}</Fact>
        {newChatsPerDay !== null && (
          <Fact label={words.pacing.newChats}>{used(newChatsToday, newChatsPerDay)}</Fact>
        )}
        {quietHours && (
          <Fact label={words.pacing.quietHours}>
            {`${quietHours.from}–${quietHours.to} ${timeZone}`}
          </Fact>
        )}
        {data.waiting.length > 0 && (
          <Fact label={words.pacing.waiting}>{describeWaiting(data)}</Fact>
        )}
      </Facts>
      {mayManage && <PacingForm sessionId={session.id} />}
    </section>
  );
}

function describeWaiting({ waiting, after }: OutboxPage): string {
  const count = `${waiting.length}${after ? '+' : ''}`;
  const due = waiting.map(({ dueAt }) => Date.parse(dueAt));
  return words.pacing.waitingCount(count, formatClock(new Date(Math.min(...due))));
}

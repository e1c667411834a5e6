import type { Session } from '@patchbay/contract';
import clsx from 'clsx';
import { formatCountdown } from '../../format/time.js';
import { StatusBadge } from '../../ui/badge.js';
import { useSeconds } from '../../ui/now.js';
import { When } from '../../ui/when.js';
import { attemptWords, describeState } from '../../words/status-words.js';

/** The badge with since-when; while reconnecting also the attempt and when the next one is due. */
export function AccountStatus({ session, className }: { session: Session; className?: string }) {
  const { state } = session;
  return (
    <div className={clsx('flex flex-wrap items-center gap-x-2.5 gap-y-1', className)}>
      <StatusBadge state={state} />
      <span className="text-13 text-soft nums">
        {state.status === 'reconnecting' ? (
          <Attempt session={session} />
        ) : (
          <When at={state.since} />
        )}
      </span>
    </div>
  );
}

function Attempt({ session: { state } }: { session: Session }) {
  const now = useSeconds();
  const due = state.nextAttemptAt ? Date.parse(state.nextAttemptAt) - now : 0;
  const text = attemptWords(state.attempt, due > 0 ? formatCountdown(due) : null);
  return text || <When at={state.since} />;
}

/** Why the account is not connected, and what to do about it. */
export function StatusCause({ session, className }: { session: Session; className?: string }) {
  const { cause, advice } = describeState(session.state);
  if (session.state.status === 'connected') return null;
  const text = [cause, advice].filter(Boolean).join(' ');
  return text ? <p className={clsx('text-pretty', className)}>{text}</p> : null;
}

import type { MessageStatus } from '@patchbay/contract';
import clsx from 'clsx';
import {
  Ban,
  Check,
  CheckCheck,
  CircleAlert,
  Clock3,
  type LucideIcon,
  Mic,
  TimerOff,
} from 'lucide-react';
import { words } from '../words/words.js';

const ICONS: Record<Exclude<MessageStatus, 'received'>, LucideIcon> = {
  queued: Clock3,
  sending: Clock3,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  played: Mic,
  failed: CircleAlert,
  expired: TimerOff,
  cancelled: Ban,
};

/** How far one of our messages has come. */
export function Ticks({ status }: { status: MessageStatus }) {
  if (status === 'received') return null;
  const Icon = ICONS[status];
  return (
    <span
      role="img"
      aria-label={words.ticks[status]}
      title={words.ticks[status]}
      data-tick={status}
    >
      <Icon
        aria-hidden
        className={clsx(
          'size-4',
          (status === 'read' || status === 'played') && 'text-tick-read',
          (status === 'failed' || status === 'expired') && 'text-danger',
        )}
      />
    </span>
  );
}

import type { SessionState } from '@patchbay/contract';
import clsx from 'clsx';
import {
  Ban,
  CircleCheck,
  CirclePause,
  KeyRound,
  LoaderCircle,
  LogOut,
  QrCode,
  RefreshCw,
  TriangleAlert,
} from 'lucide-react';
import { type BadgeKind, describeState, type Tone } from '../words/status-words.js';

const TONE_CLASS: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  waiting: 'bg-waiting-soft text-waiting',
  attention: 'bg-attention-soft text-attention',
  danger: 'bg-danger-soft text-danger',
  neutral: 'bg-neutral-soft text-neutral',
};

const ICONS: Record<BadgeKind, typeof Ban> = {
  starting: LoaderCircle,
  qr: QrCode,
  pairing: KeyRound,
  connected: CircleCheck,
  reconnecting: RefreshCw,
  closed: CirclePause,
  logged_out: LogOut,
  failed: TriangleAlert,
  restricted: Ban,
};

export function StatusBadge({ state }: { state: SessionState }) {
  const { kind, label, tone } = describeState(state);
  const Icon = ICONS[kind];
  const turning = kind === 'starting' || kind === 'reconnecting';
  return (
    <span
      data-status={state.status}
      className={clsx(
        'inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-13 font-medium whitespace-nowrap',
        TONE_CLASS[tone],
      )}
    >
      <Icon className={clsx('size-3.5', turning && 'animate-turn')} aria-hidden />
      {label}
    </span>
  );
}

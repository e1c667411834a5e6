import type { Webhook } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { CircleCheck, CirclePause, Clock, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { accountName } from '../../account-name.js';
import { sessionsQuery } from '../../api/queries.js';
import type { Tone } from '../../words/status-words.js';
import { webhookWords as w } from '../../words/webhook-words.js';

const TONE: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  waiting: 'bg-waiting-soft text-waiting',
  attention: 'bg-attention-soft text-attention',
  danger: 'bg-danger-soft text-danger',
  neutral: 'bg-neutral-soft text-neutral',
};

/** A short word on a coloured ground. */
export function Sign({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon: ReactNode;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        'inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-13 font-medium whitespace-nowrap nums',
        TONE[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}

/** Whether it is on, and what waits or was given up. */
export function WebhookSigns({ webhook }: { webhook: Webhook }) {
  const icon = 'size-3.5';
  return (
    <div className="flex flex-wrap gap-2">
      {webhook.dead > 0 && (
        <Sign tone="danger" icon={<TriangleAlert className={icon} aria-hidden />}>
          {w.dead(webhook.dead)}
        </Sign>
      )}
      {webhook.pending > 0 && (
        <Sign tone="waiting" icon={<Clock className={icon} aria-hidden />}>
          {w.waiting(webhook.pending)}
        </Sign>
      )}
      {webhook.enabled ? (
        <Sign tone="ok" icon={<CircleCheck className={icon} aria-hidden />}>
          {w.on}
        </Sign>
      ) : (
        <Sign tone="neutral" icon={<CirclePause className={icon} aria-hidden />}>
          {w.off}
        </Sign>
      )}
    </div>
  );
}

/** What it is called for, in one line. */
export function WebhookScope({ webhook, className }: { webhook: Webhook; className?: string }) {
  const { data } = useQuery(sessionsQuery);
  const session = data?.sessions.find(({ id }) => id === webhook.sessionId);
  const parts = [
    webhook.sessionId === null ? w.allAccounts : session ? accountName(session) : webhook.sessionId,
    webhook.events.length === 0 ? w.allEvents : w.events(webhook.events.length),
    ...(webhook.chats.length > 0 ? [w.chats(webhook.chats.length)] : []),
    ...(webhook.history ? [w.history] : []),
  ];
  return <p className={clsx('text-13 text-soft text-pretty', className)}>{parts.join(' · ')}</p>;
}

export function nameOf({ name, url }: Webhook): string {
  return name ?? url;
}

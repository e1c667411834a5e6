import type { Webhook } from '@patchbay/contract';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { CircleCheck, Inbox } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import { deliveriesQuery, redeliver, webhookKeys } from '../../api/webhooks.js';
import { Button } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { Delivery } from './delivery.js';

type Show = 'pending' | 'dead' | undefined;

/** What came of each event, newest first. */
export function Deliveries({ webhook, show }: { webhook: Webhook; show: Show }) {
  const query = useInfiniteQuery(deliveriesQuery(webhook.id, show));
  const deliveries = query.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section aria-label={w.deliveries}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <nav aria-label={w.filters} className="-ml-2 flex gap-1">
          <Filter label={w.all} current={show} />
          <Filter label={w.pending} show="pending" current={show} />
          <Filter label={w.givenUp} show="dead" current={show} />
        </nav>
        {show === 'dead' && deliveries.length > 0 && <AllAgain webhookId={webhook.id} />}
      </div>
      {query.isPending && <LoadingDeliveries />}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />
      )}
      {query.data && deliveries.length === 0 && <Nothing show={show} />}
      {deliveries.length > 0 && (
        <ul
          aria-label={w.deliveries}
          className="divide-y divide-line overflow-hidden rounded-10 border border-line bg-surface"
        >
          {deliveries.map((delivery) => (
            <li key={delivery.id}>
              <Delivery delivery={delivery} />
            </li>
          ))}
        </ul>
      )}
      <MoreButton query={query}>{w.older}</MoreButton>
    </section>
  );
}

function Filter({ label, show, current }: { label: string; show?: Show; current: Show }) {
  const active = show === current;
  return (
    <Link
      to="."
      search={{ show }}
      replace
      aria-current={active ? 'true' : undefined}
      className={clsx(
        'min-w-10 justify-center inline-flex h-10 items-center rounded-6 px-2.5 font-medium whitespace-nowrap transition-colors hover:bg-sunken',
        active ? 'text-accent-text' : 'text-soft',
      )}
    >
      {label}
    </Link>
  );
}

function AllAgain({ webhookId }: { webhookId: string }) {
  const cache = useQueryClient();
  const again = useMutation({
    mutationFn: () => redeliver(webhookId, { dead: true }),
    onSuccess: async () => {
      toast.success(w.againAllQueued);
      await cache.invalidateQueries({ queryKey: webhookKeys.one(webhookId) });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <Button className="ml-auto" busy={again.isPending} onClick={() => again.mutate()}>
      {w.againAll}
    </Button>
  );
}

function Nothing({ show }: { show: Show }) {
  if (show === undefined) {
    return (
      <Notice
        icon={<Inbox className="size-6" aria-hidden />}
        title={w.noneTitle}
        text={w.noneText}
        className="py-12"
      />
    );
  }
  const dead = show === 'dead';
  return (
    <Notice
      icon={<CircleCheck className="size-6" aria-hidden />}
      title={dead ? w.noneDead : w.noneWaiting}
      text={dead ? w.noneDeadText : w.noneWaitingText}
      className="py-12"
    />
  );
}

function LoadingDeliveries() {
  return (
    <div
      role="status"
      aria-label={w.loadingDeliveries}
      className="divide-y divide-line rounded-10 border border-line bg-surface"
    >
      {['first', 'second', 'third', 'fourth'].map((key) => (
        <div key={key} className="flex h-14 items-center gap-3 px-4">
          <Bone className="h-6 w-20 rounded-full" />
          <Bone className="h-4 w-40" />
          <Bone className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

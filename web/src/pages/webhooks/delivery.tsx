import type { DeliveryState, WebhookAttempt, WebhookDelivery } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, CircleCheck, Clock, TriangleAlert } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import { redeliver, webhookKeys } from '../../api/webhooks.js';
import { Button } from '../../ui/button.js';
import { When } from '../../ui/when.js';
import type { Tone } from '../../words/status-words.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { Sign } from './webhook-signs.js';

const SIGNS: Record<DeliveryState, { tone: Tone; icon: typeof Clock }> = {
  pending: { tone: 'waiting', icon: Clock },
  delivered: { tone: 'ok', icon: CircleCheck },
  dead: { tone: 'danger', icon: TriangleAlert },
  failed: { tone: 'danger', icon: TriangleAlert },
};

/** One line, which opens to its calls. */
export function Delivery({ delivery }: { delivery: WebhookDelivery }) {
  const { tone, icon: Icon } = SIGNS[delivery.state];
  const last = delivery.log.at(-1);
  return (
    <details className="group">
      <summary className="flex min-h-14 cursor-pointer list-none items-center gap-3 px-4 py-2 hover:bg-sunken max-sm:flex-wrap">
        <Sign tone={tone} icon={<Icon className="size-3.5" aria-hidden />}>
          {w.state[delivery.state]}
        </Sign>
        <span className="min-w-0 flex-1 truncate font-medium">{nameOf(delivery)}</span>
        <span className="text-13 text-soft nums max-sm:hidden">
          {last ? w.attempt(last.status, last.error && shortened(last.error)) : w.notYet}
        </span>
        <When at={delivery.createdAt} className="shrink-0 text-13 text-soft nums" />
        <ChevronDown
          className="size-4 shrink-0 text-soft transition-transform group-open:rotate-180"
          aria-hidden
        />
      </summary>
      <Calls delivery={delivery} />
    </details>
  );
}

function Calls({ delivery }: { delivery: WebhookDelivery }) {
  const cache = useQueryClient();
  const again = useMutation({
    mutationFn: () => redeliver(delivery.webhookId, { deliveryId: delivery.id }),
    onSuccess: async () => {
      toast.success(w.againQueued);
      await cache.invalidateQueries({ queryKey: webhookKeys.one(delivery.webhookId) });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <div className="border-t border-line bg-canvas px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 text-13 text-soft wrap-anywhere-soft nums">
          {w.eventId} {delivery.eventId} · {w.attempts(delivery.attempts)}
          {delivery.nextAttemptAt && (
            <>
              {' '}
              · {w.nextAt} <When at={delivery.nextAttemptAt} />
            </>
          )}
        </p>
        {delivery.cause !== 'test' && (
          <Button busy={again.isPending} onClick={() => again.mutate()}>
            {w.again}
          </Button>
        )}
      </div>
      {delivery.attempts > delivery.log.length && (
        <p className="mt-2 text-13 text-soft">{w.earlier}</p>
      )}
      <ol className="mt-2 space-y-2">
        {delivery.log.map((attempt) => (
          <Attempt key={attempt.at} attempt={attempt} />
        ))}
      </ol>
    </div>
  );
}

function Attempt({ attempt }: { attempt: WebhookAttempt }) {
  const taken = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  return (
    <li className="text-13">
      <p className="flex flex-wrap gap-x-3 nums">
        <When at={attempt.at} className="text-soft" />
        <span className={taken ? 'text-ok' : 'text-danger'}>
          {w.attempt(attempt.status, attempt.error)}
        </span>
        <span className="text-soft">{w.duration(attempt.durationMs)}</span>
      </p>
      {attempt.response && (
        <pre className="mt-1 max-h-32 overflow-auto rounded-6 bg-sunken px-3 py-2 text-12 whitespace-pre-wrap wrap-anywhere-soft">
          {attempt.response}
        </pre>
      )}
    </li>
  );
}

function nameOf({ cause, eventName }: WebhookDelivery): string {
  return cause === 'test' ? w.testCall : eventName;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

import type { BulkSend } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download, Pause, Play, Trash2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { bulkSendQuery, deleteBulkSend, exportAddress, turnBulkSend } from '../../api/bulk.js';
import { sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { formatFull } from '../../format/time.js';
import { Button, buttonClass } from '../../ui/button.js';
import { ItemPage } from '../../ui/item-page.js';
import { Bone } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { bulkWords } from '../../words/bulk-words.js';
import { Confirm } from '../settings/confirm.js';
import { Rows } from './rows.js';
import { Progress, progressOf, SendSign } from './send-sign.js';

const w = bulkWords.one;
const icon = 'size-4.5';

/** One bulk send as it goes on. */
export function SendPage() {
  const { bulkId } = useParams({ from: '/signed-in/bulk/$bulkId' });
  const { show } = useSearch({ from: '/signed-in/bulk/$bulkId' });
  const query = useQuery(bulkSendQuery(bulkId));
  return (
    <ItemPage
      list={{ to: '/bulk', title: bulkWords.title, back: w.back }}
      name={(send) => send.name}
      query={query}
      loading={<LoadingSend />}
    >
      {(send) => (
        <>
          <Head send={send} />
          <Standing send={send} />
          <Rows send={send} show={show} />
        </>
      )}
    </ItemPage>
  );
}

function Head({ send }: { send: BulkSend }) {
  const { data } = useQuery(sessionsQuery);
  const account = data?.sessions.find(({ id }) => id === send.sessionId);
  const said = [
    account ? accountName(account) : send.sessionId,
    send.templateName,
    bulkWords.rowsOf(send.total),
  ];
  return (
    <header className="mt-1 mb-4 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-20 font-semibold wrap-anywhere-soft" dir="auto">
          {send.name}
        </h1>
        <p className="mb-2 text-soft wrap-anywhere-soft" dir="auto">
          {said.filter(Boolean).join(' · ')}
        </p>
        <SendSign state={send.state} />
      </div>
      <Commands send={send} />
    </header>
  );
}

function Commands({ send }: { send: BulkSend }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'cancel' | 'remove' | null>(null);
  const turn = useMutation({
    mutationFn: (what: 'pause' | 'resume' | 'cancel') => turnBulkSend(send.id, what),
    onSuccess: (turned) => {
      cache.setQueryData(bulkSendQuery(send.id).queryKey, turned);
      void cache.invalidateQueries({ queryKey: ['bulk'] });
    },
  });
  const say = (error: Error) => toast.error(messageOf(error));
  const { state } = send;
  const isOpen = state === 'running' || state === 'scheduled';
  const isOver = state === 'done' || state === 'cancelled';
  const cancel = async () => {
    await turn.mutateAsync('cancel');
    toast.success(w.cancelled);
  };
  const remove = async () => {
    await deleteBulkSend(send.id);
    toast.success(w.removed);
    await navigate({ to: '/bulk' });
    await cache.invalidateQueries({ queryKey: ['bulk'] });
  };
  const button = (what: 'pause' | 'resume', picture: ReactNode) => (
    <Button
      look="primary"
      icon={picture}
      busy={turn.isPending}
      onClick={() => turn.mutate(what, { onError: say })}
    >
      {w[what]}
    </Button>
  );
  return (
    <div className="flex flex-wrap gap-2">
      {isOpen && button('pause', <Pause className={icon} aria-hidden />)}
      {state === 'paused' && button('resume', <Play className={icon} aria-hidden />)}
      <a href={exportAddress(send.id)} download className={buttonClass('secondary')}>
        <Download className={icon} aria-hidden />
        {w.export}
      </a>
      {!isOver && (
        <Button icon={<X className={icon} aria-hidden />} onClick={() => setAsking('cancel')}>
          {w.cancel}
        </Button>
      )}
      {!isOpen && (
        <Button icon={<Trash2 className={icon} aria-hidden />} onClick={() => setAsking('remove')}>
          {w.remove}
        </Button>
      )}
      {asking === 'cancel' && (
        <Confirm
          title={w.cancelTitle}
          text={w.cancelText}
          submit={w.cancelSubmit}
          work={cancel}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'remove' && (
        <Confirm
          title={w.removeTitle}
          text={w.removeText}
          submit={w.removeSubmit}
          work={remove}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

/** How far it is, and what it says. */
function Standing({ send }: { send: BulkSend }) {
  const { done, all } = progressOf(send.counts);
  const { endsAt, sendAt, state, startedAt, finishedAt } = send;
  return (
    <section aria-label={w.progress} className="mb-6 rounded-10 border border-line bg-surface p-4">
      <Progress counts={send.counts} />
      <p className="mt-2 flex flex-wrap gap-x-4 nums">
        <span className="font-medium">{w.left(done, all)}</span>
        {state === 'scheduled' && sendAt && (
          <span className="text-soft">{w.beginsAt(formatFull(new Date(sendAt)))}</span>
        )}
        {state === 'running' && endsAt && (
          <span className="text-soft">{w.endsAt(formatFull(new Date(endsAt)))}</span>
        )}
        {(finishedAt ?? startedAt) && (
          <When at={finishedAt ?? startedAt ?? ''} className="text-soft" />
        )}
      </p>
      {send.pausedBecause === 'number_changed' && (
        <p className="mt-3 rounded-6 bg-attention-soft p-3 text-attention text-pretty">
          {w.numberChanged}
        </p>
      )}
      <h2 className="mt-4 mb-1 text-13 text-soft">
        {w.text}
        {send.hasMedia && ` · ${w.withFile}`}
      </h2>
      <p className="max-h-48 overflow-y-auto whitespace-pre-wrap wrap-anywhere-soft" dir="auto">
        {send.text}
      </p>
    </section>
  );
}

function LoadingSend() {
  return (
    <div role="status" aria-label={w.loading} className="mt-2 space-y-3">
      <Bone className="h-6 w-56 max-w-full" />
      <Bone className="h-4 w-72 max-w-full" />
      <Bone className="h-32 w-full" />
    </div>
  );
}

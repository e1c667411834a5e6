import type { BulkSend } from '@patchbay/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Send } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { bulkSendsQuery } from '../../api/bulk.js';
import { sessionsQuery } from '../../api/queries.js';
import { buttonClass } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { bulkWords as w } from '../../words/bulk-words.js';
import { Progress, progressOf, SendSign } from './send-sign.js';

/** Bulk sends with how far each is, newest first. */
export function SendList() {
  const query = useInfiniteQuery(bulkSendsQuery);
  const { data: accounts } = useQuery(sessionsQuery);
  const sends = query.data?.pages.flatMap((page) => page.bulkSends) ?? [];
  const hasAccount = (accounts?.sessions.length ?? 0) > 0;
  const addLink = (
    <Link to="/bulk/new" className={buttonClass('primary')}>
      <Plus className="size-4.5" aria-hidden />
      {w.add}
    </Link>
  );
  return (
    <section aria-label={w.sends}>
      {sends.length > 0 && <div className="mb-3 flex justify-end">{addLink}</div>}
      {query.isPending && <LoadingSends />}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-16" />
      )}
      {query.data && sends.length === 0 && (
        <Notice
          icon={<Send className="size-6" aria-hidden />}
          title={w.emptyTitle}
          text={hasAccount ? w.emptyText : `${w.emptyText} ${w.needsAccount}`}
          className="py-16"
        >
          {hasAccount && addLink}
        </Notice>
      )}
      {sends.length > 0 && (
        <ul aria-label={w.list} className="mb-3 flex flex-col gap-3">
          {sends.map((send) => (
            <li key={send.id}>
              <SendCard send={send} />
            </li>
          ))}
        </ul>
      )}
      <MoreButton query={query}>{w.older}</MoreButton>
    </section>
  );
}

function SendCard({ send }: { send: BulkSend }) {
  const { data } = useQuery(sessionsQuery);
  const account = data?.sessions.find(({ id }) => id === send.sessionId);
  const { done, all } = progressOf(send.counts);
  return (
    <Link
      to="/bulk/$bulkId"
      params={{ bulkId: send.id }}
      className="block rounded-10 border border-line bg-surface p-4 transition-colors hover:border-control-line"
    >
      <span className="mb-2 flex items-start gap-4">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold" dir="auto">
            {send.name}
          </span>
          <span className="block truncate text-13 text-soft" dir="auto">
            {account ? accountName(account) : send.sessionId} · {w.rowsOf(send.total)} ·{' '}
            <When at={send.createdAt} />
          </span>
        </span>
        <SendSign state={send.state} />
      </span>
      <Progress counts={send.counts} />
      <span className="mt-1 block text-13 text-soft nums">{w.one.left(done, all)}</span>
    </Link>
  );
}

function LoadingSends() {
  return (
    <div role="status" aria-label={w.loading} className="flex flex-col gap-3">
      {['first', 'second'].map((key) => (
        <div key={key} className="space-y-3 rounded-10 border border-line bg-surface p-4">
          <Bone className="h-4 w-44" />
          <Bone className="h-3 w-64 max-w-full" />
          <Bone className="h-2 w-full" />
        </div>
      ))}
    </div>
  );
}

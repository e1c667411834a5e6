import type { Session } from '@patchbay/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import clsx from 'clsx';
import { ArrowLeft, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { accountName } from '../../account-name.js';
import { sessionQuery, sessionsQuery } from '../../api/queries.js';
import { ApiError } from '../../api/request.js';
import { Fact, Facts } from '../../conversation/fact.js';
import { formatPhone } from '../../format/phone.js';
import { buttonClass } from '../../ui/button.js';
import { Initials } from '../../ui/initials.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { words } from '../../words/words.js';
import { AccountMenu, HelpfulAction } from '../accounts/account-actions.js';
import { AccountStatus, StatusCause } from '../accounts/account-status.js';
import { isLinking } from '../accounts/is-linking.js';
import { LinkPanel } from '../accounts/lazy-link-panel.js';
import { useMayManage } from '../use-may-manage.js';
import { MessagesPanel } from './messages-panel.js';
import { PacingFacts } from './pacing-facts.js';
import { SettingsPanel } from './settings-panel.js';
import { Sharing } from './sharing.js';
import { Timeline } from './timeline.js';

export function AccountPage() {
  const { accountId } = useParams({ from: '/signed-in/accounts/$accountId' });
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({
    ...sessionQuery(accountId),
    placeholderData: () =>
      cache.getQueryData(sessionsQuery.queryKey)?.sessions.find(({ id }) => id === accountId),
  });
  const gone = error instanceof ApiError && error.status === 404;
  if (gone) return <Gone />;
  if (data) return <Account key={data.id} session={data} />;
  if (error) {
    const retry = () => void refetch();
    return (
      <ErrorNotice page={words.accounts.title} error={error} retry={retry} className="py-20" />
    );
  }
  return <LoadingAccount />;
}

function Account({ session }: { session: Session }) {
  const { view } = useSearch({ from: '/signed-in/accounts/$accountId' });
  const mayManage = useMayManage(session);
  const linking = isLinking(session) && mayManage;
  return (
    <div className="flex h-full flex-col">
      <title>{`${accountName(session)} · ${words.product}`}</title>
      <AccountHeader session={session} />
      <PartLinks view={view} />
      <div className="flex min-h-0 flex-1">
        <div
          className={clsx(
            'flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto',
            view === 'timeline' && 'max-lg:hidden',
          )}
        >
          {linking && (
            <section
              aria-label={words.account.linkTitle}
              className="shrink-0 border-b border-line bg-surface p-4"
            >
              <LinkPanel session={session} />
            </section>
          )}
          <div className={clsx('flex flex-1 flex-col', linking ? 'min-h-90' : 'min-h-0')}>
            <MessagesPanel session={session} />
          </div>
        </div>
        <aside
          aria-label={words.timeline.label}
          className={clsx(
            'w-full overflow-y-auto border-line bg-surface p-4 lg:w-80 lg:border-l xl:w-90',
            view !== 'timeline' && 'max-lg:hidden',
          )}
        >
          <AccountFacts session={session} />
          <PacingFacts session={session} />
          {mayManage && <SettingsPanel sessionId={session.id} />}
          <Sharing session={session} />
          <h2 className="mt-6 mb-3 font-semibold">{words.account.timeline}</h2>
          <Timeline sessionId={session.id} />
        </aside>
      </div>
    </div>
  );
}

function AccountHeader({ session }: { session: Session }) {
  const navigate = useNavigate();
  const name = accountName(session);
  const phone = session.phone ? formatPhone(session.phone) : words.accounts.noNumber;
  return (
    <header className="shrink-0 border-b border-line bg-surface px-2 py-2.5 sm:px-4">
      <div className="flex items-center gap-3 max-sm:gap-2">
        <Link
          to="/accounts"
          title={words.account.back}
          aria-label={words.account.back}
          className="-mr-1 flex size-10 shrink-0 items-center justify-center rounded-6 text-soft hover:bg-sunken hover:text-text sm:-ml-2"
        >
          <ArrowLeft className="size-5" aria-hidden />
        </Link>
        <Initials id={session.id} name={name} />
        <div className="min-w-0">
          <h1 className="truncate text-16 font-semibold" title={name} dir="auto">
            {name}
          </h1>
          <p className="truncate text-13 text-soft nums">{phone}</p>
        </div>
        <AccountStatus session={session} className="ml-3 max-sm:hidden" />
        <div className="ml-auto flex items-center gap-1">
          <HelpfulAction session={session} />
          <AccountMenu session={session} onRemoved={() => void navigate({ to: '/accounts' })} />
        </div>
      </div>
      <AccountStatus session={session} className="mt-2 ml-2 sm:hidden" />
      {!isLinking(session) && (
        <StatusCause session={session} className="mt-1.5 ml-2 text-13 text-soft sm:ml-24.5" />
      )}
    </header>
  );
}

/** On a narrow screen one part is shown at a time. */
function PartLinks({ view }: { view: 'timeline' | undefined }) {
  return (
    <nav
      aria-label={words.account.tabs}
      className="flex shrink-0 border-b border-line bg-surface px-2 lg:hidden"
    >
      <PartLink active={view !== 'timeline'}>{words.account.messages}</PartLink>
      <PartLink active={view === 'timeline'} view="timeline">
        {words.account.timeline}
      </PartLink>
    </nav>
  );
}

function PartLink(props: { active: boolean; view?: 'timeline'; children: ReactNode }) {
  return (
    <Link
      from="/accounts/$accountId"
      to="."
      search={(search) => ({ ...search, view: props.view })}
      replace
      aria-current={props.active ? 'true' : undefined}
      className={clsx(
        'flex h-10 items-center border-b-2 px-3 font-medium',
        props.active ? 'border-accent text-text' : 'border-transparent text-soft',
      )}
    >
      {props.children}
    </Link>
  );
}

function AccountFacts({ session }: { session: Session }) {
  const { received, sent } = session.today;
  return (
    <Facts>
      <Fact label={words.accounts.today}>{words.accounts.todayCounts(received, sent)}</Fact>
      <Fact label={words.accounts.lastMessage}>
        {session.lastMessageAt ? <When at={session.lastMessageAt} /> : words.accounts.noMessage}
      </Fact>
      <Fact label={words.accounts.engineLabel}>{words.accounts.engine[session.engine]}</Fact>
      {session.lastSeen && (
        <Fact label={words.account.lastSeen}>
          <When at={session.lastSeen} />
        </Fact>
      )}
      <Fact label={words.account.created}>
        <When at={session.createdAt} />
      </Fact>
    </Facts>
  );
}

function Gone() {
  return (
    <Notice
      icon={<SearchX className="size-6" aria-hidden />}
      title={words.account.notFoundTitle}
      text={words.account.notFoundText}
      className="py-20"
    >
      <Link to="/accounts" className={buttonClass('secondary')}>
        {words.account.back}
      </Link>
    </Notice>
  );
}

function LoadingAccount() {
  return (
    <div
      role="status"
      aria-label={words.account.loading}
      className="flex items-center gap-3 border-b border-line bg-surface px-4 py-2.5"
    >
      <Bone className="size-10 rounded-full" />
      <div className="space-y-2">
        <Bone className="h-4 w-40" />
        <Bone className="h-3 w-28" />
      </div>
      <Bone className="ml-3 h-6 w-28 rounded-full" />
    </div>
  );
}

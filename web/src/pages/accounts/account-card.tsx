import type { Session } from '@patchbay/contract';
import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { accountName } from '../../account-name.js';
import { formatPhone } from '../../format/phone.js';
import { buttonClass } from '../../ui/button.js';
import { Initials } from '../../ui/initials.js';
import { When } from '../../ui/when.js';
import { words } from '../../words/words.js';
import { useMayManage } from '../use-may-manage.js';
import { AccountMenu, HelpfulAction } from './account-actions.js';
import { AccountStatus, StatusCause } from './account-status.js';
import { isLinking } from './is-linking.js';
import { LinkPanel } from './lazy-link-panel.js';

const COUNT = new Intl.NumberFormat(undefined, { notation: 'compact' });

/** One account at one look; with the QR itself while it waits for a scan. */
export function AccountCard({ session }: { session: Session }) {
  const name = accountName(session);
  const mayManage = useMayManage(session);
  const linking = isLinking(session) && mayManage;
  return (
    <article
      aria-label={name}
      data-account={session.id}
      className="rounded-10 border border-line bg-surface shadow-1"
    >
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-5 gap-y-3 p-4 lg:grid-cols-[minmax(0,1fr)_14rem_17.5rem_7.5rem_auto]">
        <Identity session={session} name={name} />
        <div className="-mr-2 flex lg:order-1">
          <AccountMenu session={session} />
        </div>
        <AccountStatus session={session} className="max-lg:col-span-full sm:max-lg:pl-13" />
        <Facts session={session} />
        {!linking && (
          <StatusCause
            session={session}
            className="col-span-full text-13 text-soft sm:pl-13 lg:order-2 lg:-mt-2"
          />
        )}
        <div className="flex justify-end empty:max-lg:hidden max-lg:col-span-full max-sm:*:w-full sm:max-lg:justify-start sm:max-lg:pl-13">
          {session.state.status === 'connected' && <OpenLink session={session} name={name} />}
          <HelpfulAction session={session} />
        </div>
      </div>
      {linking && (
        <div className="border-t border-line p-4 sm:pl-17">
          <LinkPanel session={session} />
        </div>
      )}
    </article>
  );
}

function Identity({ session, name }: { session: Session; name: string }) {
  const phone = session.phone ? formatPhone(session.phone) : words.accounts.noNumber;
  const owner = session.displayName === name ? null : session.displayName;
  const second =
    phone === name
      ? words.accounts.fallbackName(session.slot)
      : [phone, owner].filter(Boolean).join(' · ');
  return (
    <div className="relative flex min-w-0 items-center gap-3">
      <Initials id={session.id} name={name} />
      <div className="min-w-0">
        <h2 className="truncate font-semibold" title={name} dir="auto">
          <Link
            to="/accounts/$accountId"
            params={{ accountId: session.id }}
            className="after:absolute after:inset-0 hover:underline"
          >
            {name}
          </Link>
        </h2>
        <p className="truncate text-13 text-soft nums">{second}</p>
      </div>
    </div>
  );
}

function OpenLink({ session, name }: { session: Session; name: string }) {
  return (
    <Link
      to="/accounts/$accountId"
      params={{ accountId: session.id }}
      aria-label={words.accounts.messagesOf(name)}
      className={buttonClass('secondary')}
    >
      {words.account.messages}
    </Link>
  );
}

function Facts({ session }: { session: Session }) {
  const { received, sent } = session.today;
  return (
    <dl className="grid grid-cols-[4rem_6.5rem_minmax(0,1fr)] gap-x-3 text-13 max-lg:col-span-full sm:max-lg:pl-13">
      <Fact label={words.accounts.engineLabel}>{words.accounts.engine[session.engine]}</Fact>
      <Fact label={words.accounts.lastMessage}>
        {session.lastMessageAt ? <When at={session.lastMessageAt} /> : words.accounts.noMessage}
      </Fact>
      <Fact label={words.accounts.today}>
        <span className="sr-only">{words.accounts.todayCounts(received, sent)}</span>
        <span
          aria-hidden
          className="flex gap-2.5"
          title={words.accounts.todayCounts(received, sent)}
        >
          <Count icon={<ArrowDownLeft className="size-3.5" />} count={received} />
          <Count icon={<ArrowUpRight className="size-3.5" />} count={sent} />
        </span>
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-12 text-soft">{label}</dt>
      <dd className="truncate nums">{children}</dd>
    </div>
  );
}

function Count({ icon, count }: { icon: ReactNode; count: number }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <span className="text-soft">{icon}</span>
      {COUNT.format(count)}
    </span>
  );
}

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
import { AccountMenu, HelpfulAction } from './account-actions.js';
import { AccountStatus, StatusCause } from './account-status.js';
import { isLinking, LinkPanel } from './link-panel.js';

/** One account at one look; with the QR itself while it waits for a scan. */
export function AccountCard({ session }: { session: Session }) {
  const name = accountName(session);
  const linking = isLinking(session);
  return (
    <article
      aria-label={name}
      data-account={session.id}
      className="rounded-10 border border-line bg-surface shadow-1"
    >
      <div className="grid items-center gap-x-6 gap-y-3 p-4 sm:grid-cols-[minmax(0,1fr)_auto] lg:grid-cols-[minmax(0,1fr)_13.5rem_18rem_11rem]">
        <Identity session={session} name={name} />
        <AccountStatus session={session} className="max-lg:order-2 max-sm:order-1" />
        <Facts session={session} />
        <div className="flex items-center justify-end gap-1 max-lg:order-1 max-sm:order-3 max-sm:justify-between">
          {session.state.status === 'connected' ? <OpenLink session={session} name={name} /> : null}
          <HelpfulAction session={session} />
          <AccountMenu session={session} />
        </div>
        {!linking && (
          <StatusCause
            session={session}
            className="text-13 text-soft max-lg:order-4 sm:col-span-full sm:pl-13 max-sm:order-2"
          />
        )}
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
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Initials id={session.id} name={name} />
      <div className="min-w-0">
        <h2 className="truncate font-semibold" title={name} dir="auto">
          <Link
            to="/accounts/$accountId"
            params={{ accountId: session.id }}
            className="rounded-[3px] hover:underline"
          >
            {name}
          </Link>
        </h2>
        <p className="truncate text-13 text-soft nums">{phone}</p>
      </div>
    </div>
  );
}

function OpenLink({ session, name }: { session: Session; name: string }) {
  return (
    <Link
      to="/accounts/$accountId"
      params={{ accountId: session.id }}
      aria-label={words.accounts.open(name)}
      className={buttonClass('secondary')}
    >
      {words.account.messages}
    </Link>
  );
}

function Facts({ session }: { session: Session }) {
  const { received, sent } = session.today;
  return (
    <dl className="grid grid-cols-[4.5rem_1fr_auto] gap-x-4 text-13 max-lg:order-3 max-sm:order-2 sm:max-lg:col-span-full sm:max-lg:pl-13">
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
      {count.toLocaleString()}
    </span>
  );
}

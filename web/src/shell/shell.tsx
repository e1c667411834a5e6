import type { Me } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useMatch, useRouteContext } from '@tanstack/react-router';
import clsx from 'clsx';
import { CircleUser, Ellipsis, FlaskConical, Wifi, WifiOff } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { countsQuery } from '../api/inbox.js';
import { sessionsQuery } from '../api/queries.js';
import { LiveProvider, useLiveStatus } from '../live/live.js';
import { shellWords } from '../words/shell-words.js';
import { needsPerson } from '../words/status-words.js';
import { words } from '../words/words.js';
import { Attention } from './attention.js';
import { ConnectionBar } from './connection-bar.js';
import { type Destination, destinations, IN_BAR } from './destinations.js';
import { Keyboard } from './keyboard.js';
import { useRememberPage } from './last-page.js';
import { Mark } from './mark.js';
import { MeMenu } from './me-menu.js';
import { ThemeButton } from './theme-button.js';

const KeepSending = lazy(async () => ({
  default: (await import('../conversation/sending/keep-sending.js')).KeepSending,
}));

/** Everything around a page: the rail at the side, or the bar at the bottom of a phone. */
export function Shell() {
  const { me } = useRouteContext({ from: '/signed-in' });
  useRememberPage();
  return (
    <LiveProvider>
      <Suspense>
        <KeepSending userId={me.userId} />
      </Suspense>
      <Keyboard />
      <Attention />
      <a
        href="#content"
        className="sr-only z-50 rounded-6 bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {words.nav.skip}
      </a>
      <div className="flex h-dvh max-sm:flex-col-reverse">
        <Rail me={me} />
        <BottomBar me={me} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ConnectionBar />
          <main
            id="content"
            tabIndex={-1}
            data-scroll-restoration-id="content"
            className="min-h-0 flex-1 overflow-y-auto outline-none"
          >
            <Outlet />
          </main>
        </div>
      </div>
    </LiveProvider>
  );
}

function Rail({ me }: { me: Me }) {
  return (
    <nav
      aria-label={words.nav.label}
      className="flex w-14 shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-2 max-sm:hidden"
    >
      <Mark className="mt-1 mb-3 size-8" />
      {destinations.map((destination) => (
        <RailLink key={destination.label} destination={destination} />
      ))}
      <div className="flex-1" />
      <LiveSign />
      {me.sandbox && (
        <a
          href={me.sandbox.pageUrl}
          target="_blank"
          rel="noreferrer"
          title={words.nav.phones}
          aria-label={words.nav.phones}
          className={railItem}
        >
          <FlaskConical className="size-5" aria-hidden />
        </a>
      )}
      <ThemeButton className={railItem} />
      <MeMenu
        me={me}
        side="right"
        trigger={
          <button
            type="button"
            title={words.nav.menu}
            aria-label={words.nav.menu}
            className={railItem}
          >
            <CircleUser className="size-5" aria-hidden />
          </button>
        }
      />
    </nav>
  );
}

const railItem =
  'relative flex size-10 items-center justify-center rounded-6 text-soft transition-colors hover:bg-sunken hover:text-text';

function RailLink({ destination: { to, label, icon: Icon } }: { destination: Destination }) {
  return (
    <Link
      to={to}
      title={label}
      activeOptions={{ includeSearch: false }}
      className={railItem}
      activeProps={{ className: 'bg-accent-soft !text-accent-text' }}
    >
      <Icon className="size-5" aria-hidden />
      <span className="sr-only">{label}</span>
      <Sign of={to} className="top-0.5 left-5.5" />
    </Link>
  );
}

function BottomBar({ me }: { me: Me }) {
  // A conversation needs the height of a phone; its own arrow leads back.
  const inbox = useMatch({ from: '/signed-in/inbox', shouldThrow: false });
  if (inbox?.search.chat) return null;
  return (
    <nav
      aria-label={words.nav.label}
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {destinations.slice(0, IN_BAR).map(({ to, label, short, icon: Icon }) => (
        <Link
          key={label}
          to={to}
          aria-label={short && label}
          activeOptions={{ includeSearch: false }}
          className={barItem}
          activeProps={{ className: '!text-accent-text' }}
        >
          <span className="relative">
            <Icon className="size-5" aria-hidden />
            <Sign of={to} className="-top-1.5 left-3" />
          </span>
          {short ?? label}
        </Link>
      ))}
      <MeMenu
        me={me}
        side="top"
        trigger={
          <button type="button" className={barItem}>
            <Ellipsis className="size-5" aria-hidden />
            {words.nav.more}
          </button>
        }
      />
    </nav>
  );
}

const barItem =
  'flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-1 px-1 text-12 font-medium text-soft';

/** What waits for somebody on a page. */
function Sign({ of, className }: { of: Destination['to']; className: string }) {
  if (of === '/inbox') return <UnreadBadge className={className} />;
  return of === '/accounts' && <WaitingDot className={className} />;
}

function UnreadBadge({ className }: { className: string }) {
  const unread = useQuery({ ...countsQuery, select: (counts) => counts.unread }).data;
  if (!unread) return null;
  return (
    <span
      className={clsx(
        'absolute flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] font-semibold text-on-accent ring-2 ring-surface nums',
        className,
      )}
    >
      <span aria-hidden>{unread > 99 ? '99+' : unread}</span>
      <span className="sr-only">{shellWords.unreadChats(unread)}</span>
    </span>
  );
}

/** Shown while an account waits for a person. */
function WaitingDot({ className }: { className: string }) {
  const { data } = useQuery({
    ...sessionsQuery,
    select: (list) => list.sessions.filter((session) => needsPerson(session.state)).length,
  });
  if (!data) return null;
  return (
    <span
      className={clsx('absolute size-2.5 rounded-full bg-attention ring-2 ring-surface', className)}
    >
      <span className="sr-only">{words.nav.accountsWaiting(data)}</span>
    </span>
  );
}

function LiveSign() {
  const status = useLiveStatus();
  const label = words.live[status];
  const Icon = status === 'down' ? WifiOff : Wifi;
  return (
    <span
      role="img"
      title={label}
      aria-label={label}
      data-live={status}
      className={clsx(
        'flex size-10 items-center justify-center',
        status === 'live' ? 'text-ok' : 'text-soft',
      )}
    >
      <Icon className="size-4.5" aria-hidden />
    </span>
  );
}

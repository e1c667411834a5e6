import { Link, Outlet, useRouteContext } from '@tanstack/react-router';
import { accessWords } from '../../words/access-words.js';
import { jobsWords } from '../../words/jobs-words.js';
import { teamWords } from '../../words/team-words.js';
import { words } from '../../words/words.js';

const w = accessWords.settings;

const SECTIONS = [
  { to: '/settings/profile', label: w.profile },
  { to: '/settings/slots', label: w.slots },
  { to: '/settings/replies', label: teamWords.replies.section },
  { to: '/settings/labels', label: teamWords.labels.section },
  { to: '/settings/users', label: w.users, admins: true },
  { to: '/settings/keys', label: w.keys },
  { to: '/settings/knowledge', label: w.knowledge, admins: true },
  { to: '/settings/audit', label: w.audit, admins: true },
  { to: '/settings/jobs', label: jobsWords.section, admins: true },
  { to: '/settings/about', label: w.about },
] as const;

/** The parts of the settings beside each other, or above each other on a phone. */
export function SettingsPage() {
  const { me } = useRouteContext({ from: '/signed-in' });
  const shown = SECTIONS.filter((section) => !('admins' in section) || me.role === 'admin');
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <h1 className="mb-4 flex min-h-10 items-center text-20 font-semibold">{w.title}</h1>
      <div className="gap-8 md:flex">
        <nav
          aria-label={w.sections}
          className="mb-6 flex shrink-0 gap-1 overflow-x-auto max-md:border-b max-md:border-line max-md:pb-2 md:w-44 md:flex-col"
        >
          {shown.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className="flex h-10 shrink-0 items-center rounded-6 px-3 text-soft transition-colors hover:bg-sunken hover:text-text"
              activeProps={{ className: 'bg-accent-soft font-medium !text-accent-text' }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="min-w-0 flex-1">
          <Outlet />
        </div>
      </div>
    </div>
  );
}

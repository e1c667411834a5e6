import type { Session } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouteContext } from '@tanstack/react-router';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { createAccount } from '../../api/commands.js';
import { keys, sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { formatPhone } from '../../format/phone.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Initials } from '../../ui/initials.js';
import { accessWords } from '../../words/access-words.js';
import { words } from '../../words/words.js';
import { AccountStatus } from '../accounts/account-status.js';
import { NotYet, Section } from './section.js';

const w = accessWords.slots;

/** The numbers that one may connect, each in its place. */
export function Slots() {
  const { me } = useRouteContext({ from: '/signed-in' });
  const { data, error, refetch } = useQuery(sessionsQuery);
  if (!data) {
    return (
      <Section title={w.title}>
        <NotYet error={error} retry={refetch} />
      </Section>
    );
  }
  const mine = data.sessions.filter(({ userId }) => userId === me.userId);
  const last = Math.max(0, ...mine.map(({ slot }) => slot));
  const count = Math.max(me.maxSessions ?? last + 1, last);
  const slots = Array.from({ length: count }, (_, index) => index + 1);
  return (
    <Section title={w.title} text={me.maxSessions === null ? undefined : w.text(me.maxSessions)}>
      <ul aria-label={w.list} className="grid gap-3 lg:grid-cols-2">
        {slots.map((slot) => {
          const session = mine.find((one) => one.slot === slot);
          return (
            <li
              key={slot}
              className="flex min-h-20 flex-wrap items-center gap-3 rounded-10 border border-line bg-surface p-4 shadow-1"
            >
              {session ? <Taken session={session} /> : <Free slot={slot} />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Taken({ session }: { session: Session }) {
  const name = accountName(session);
  return (
    <>
      <Initials id={session.id} name={name} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" dir="auto">
          {name}
        </p>
        <p className="truncate text-13 text-soft nums">
          {w.slot(session.slot)} ·{' '}
          {session.phone ? formatPhone(session.phone) : words.accounts.noNumber}
        </p>
        <AccountStatus session={session} className="mt-1.5" />
      </div>
      <Link
        to="/accounts/$accountId"
        params={{ accountId: session.id }}
        aria-label={words.accounts.open(name)}
        className={buttonClass()}
      >
        {w.open}
      </Link>
    </>
  );
}

function Free({ slot }: { slot: number }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () => createAccount({ slot }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: keys.sessions });
      await navigate({ to: '/accounts/$accountId', params: { accountId: id } });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{w.slot(slot)}</p>
        <p className="text-13 text-soft">{w.free}</p>
      </div>
      <Button
        busy={add.isPending}
        aria-label={`${w.connect}: ${w.slot(slot)}`}
        onClick={() => add.mutate()}
      >
        {w.connect}
      </Button>
    </>
  );
}

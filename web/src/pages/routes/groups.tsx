import type { AccountGroup, Session } from '@patchbay/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Plus, Users } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { accountGroupsQuery } from '../../api/knowledge.js';
import { sessionsQuery } from '../../api/queries.js';
import { IconButton } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Picture, pictureNow } from '../../ui/picture.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { knowledgeWords } from '../../words/knowledge-words.js';

const w = knowledgeWords.routes;

/** The groups of each account, with their picture and size. */
export function Groups({ onRoute }: { onRoute: (groupId: string) => void }) {
  const query = useInfiniteQuery(accountGroupsQuery);
  const { data: sessions } = useQuery(sessionsQuery);
  const groups = query.data?.pages.flatMap((page) => page.groups) ?? [];
  const accounts = [...new Set(groups.map(({ sessionId }) => sessionId))];
  return (
    <section aria-label={w.groups} className="mb-8">
      <h2 className="mb-3 text-16 font-semibold">{w.groups}</h2>
      {query.isPending && <LoadingGroups />}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-10" />
      )}
      {query.data && groups.length === 0 && (
        <Notice
          icon={<Users className="size-6" aria-hidden />}
          title={w.noGroups}
          text={w.noGroupsText}
          className="py-10"
        />
      )}
      {accounts.map((id) => (
        <OneAccount
          key={id}
          session={sessions?.sessions.find((session) => session.id === id)}
          groups={groups.filter(({ sessionId }) => sessionId === id)}
          onRoute={onRoute}
        />
      ))}
      <MoreButton query={query}>{w.older}</MoreButton>
    </section>
  );
}

function OneAccount(props: {
  session: Session | undefined;
  groups: AccountGroup[];
  onRoute: (groupId: string) => void;
}) {
  const { session, groups, onRoute } = props;
  const name = session ? accountName(session) : (groups[0]?.accountName ?? '');
  const connected = session?.state.status === 'connected';
  return (
    <div className="mb-4">
      <h3 className="mb-2 text-13 font-medium text-soft" dir="auto">
        {w.groupsOf(name)}
      </h3>
      <ul
        aria-label={w.groupsOf(name)}
        className="divide-y divide-line rounded-10 border border-line bg-surface"
      >
        {groups.map((group) => (
          <li key={group.id} className="flex min-h-16 items-center gap-3 px-3 py-2">
            <Picture
              id={group.id}
              name={group.subject}
              url={pictureNow(group.profilePicUrl, connected)}
            />
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium" dir="auto" title={group.subject}>
                {group.subject}
              </p>
              <p className="text-13 text-soft">{w.people(group.size)}</p>
            </div>
            <IconButton label={w.routeFrom(group.subject)} onClick={() => onRoute(group.id)}>
              <Plus className="size-5" aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function LoadingGroups() {
  return (
    <div role="status" aria-label={w.loading} className="space-y-2">
      {['first', 'second', 'third'].map((key) => (
        <div key={key} className="flex items-center gap-3 px-3">
          <Bone className="size-10 rounded-full" />
          <Bone className="h-4 w-56" />
        </div>
      ))}
    </div>
  );
}

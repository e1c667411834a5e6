import type { ChatCounts } from '@patchbay/contract';
import type { Database } from '../db/database.js';

type Counts = Omit<ChatCounts, 'accounts' | 'agents'>;
type AgentCounts = ChatCounts['agents'][number];

interface Row {
  session_id: string;
  team_status: string;
  assignee_id: string | null;
  chats: number;
  unread: number;
}

const nothing = (): Counts => ({ open: 0, pending: 0, unread: 0, mine: 0, unassigned: 0 });

/** How many chats of these sessions are open, unread, whose they are; archived ones do not count. */
export async function countChats(
  { kysely }: Database,
  sessionIds: string[],
  userId: string,
): Promise<ChatCounts> {
  const total = nothing();
  const accounts = new Map(sessionIds.map((id) => [id, nothing()]));
  const agents = new Map<string, AgentCounts>();
  if (sessionIds.length === 0) return { ...total, accounts: [], agents: [] };
  const rows = await kysely
    .selectFrom('chats as c')
    .select(['c.session_id', 'c.team_status', 'c.assignee_id'])
    .select((e) => [
      e.fn.countAll<number>().as('chats'),
      e.fn
        .sum<number>(
          e
            .case()
            .when(e.or([e('c.unread_count', '>', 0), e('c.marked_unread', '=', 1)]))
            .then(1)
            .else(0)
            .end(),
        )
        .as('unread'),
    ])
    .where('c.session_id', 'in', sessionIds)
    .where('c.last_message_at', 'is not', null)
    .where('c.archived', '=', 0)
    .groupBy(['c.session_id', 'c.team_status', 'c.assignee_id'])
    .execute();
  for (const row of rows) {
    const account = accounts.get(row.session_id);
    for (const counts of account ? [total, account] : [total]) add(counts, row, userId);
    if (row.assignee_id === null) continue;
    const agent = agents.get(row.assignee_id) ?? newAgent(row.assignee_id);
    agents.set(row.assignee_id, agent);
    if (row.team_status === 'open') agent.open += Number(row.chats);
    if (row.team_status === 'pending') agent.pending += Number(row.chats);
    agent.unread += Number(row.unread);
  }
  return {
    ...total,
    accounts: [...accounts].map(([sessionId, counts]) => ({ sessionId, ...counts })),
    agents: [...agents.values()].filter(({ open, pending, unread }) => open + pending + unread),
  };
}

function add(counts: Counts, row: Row, userId: string): void {
  const chats = Number(row.chats);
  counts.unread += Number(row.unread);
  if (row.team_status === 'resolved') return;
  if (row.team_status === 'open') counts.open += chats;
  else counts.pending += chats;
  if (row.assignee_id === userId) counts.mine += chats;
  if (row.assignee_id === null) counts.unassigned += chats;
}

const newAgent = (userId: string): AgentCounts => ({ userId, open: 0, pending: 0, unread: 0 });

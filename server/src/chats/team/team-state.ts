import type { ChangeTeamState, EventData } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { SessionAccess } from '../../auth/session-access.js';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { EventLog, EventSource } from '../../event-log/event-log.js';
import { ApiError } from '../../http/api-error.js';
import { fence } from '../../sessions/fence.js';
import type { ChatStore } from '../chat-store.js';

type State = Pick<Selectable<Schema['chats']>, 'team_status' | 'assignee_id' | 'team_revision'> & {
  labels: string[];
};
type Changed = EventData<'chat.team'>['changed'];

/** What a team keeps of chats: who has taken one, what is still to do, labels of its own. */
export class TeamState {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly log: EventLog,
    private readonly access: Pick<SessionAccess, 'reaches'>,
  ) {
    chats.addresses.onMerge((sessionId, from, into) => this.followMerge(sessionId, from, into));
  }

  /**
   * Changes what is named and tells of it, if anything is other than before.
   * @param by the user who does it; null: nobody, it follows from something else
   * @throws ApiError `team_label_not_found`, `user_not_found`
   */
  async change(
    session: EventSource,
    chatId: string,
    change: ChangeTeamState,
    by: string | null,
  ): Promise<void> {
    const { assigneeId } = change;
    if (assigneeId && !this.access.reaches(assigneeId, session.ownerId, session.id)) {
      throw new ApiError('user_not_found', `No user ${assigneeId} may use this session`);
    }
    await this.checkLabels(change.addLabels ?? []);
    const { applied } = await this.chats.addresses.write(session, { jid: chatId }, async (chat) => {
      const before = await this.state(session.id, chat.id);
      const ground = this.chats.stillLeads(session.id, chat);
      if (!before) return [ground];
      const after = changedBy(before, change);
      const changed = differences(before, after);
      if (changed.length === 0) return [ground];
      return [
        ground,
        this.setState(session.id, chat.id, before.team_revision, after),
        ...this.labelSteps(session.id, chat.id, before.labels, after.labels),
        ...this.told(session, chat.id, { ...after, changed, by }),
      ];
    });
    if (applied) this.log.wakeup.hint('events');
  }

  /**
   * The step that opens a chat in which somebody has written, and those that tell of it; undefined when
   * it is open. For the unit that stores the message.
   */
  async reopen(
    session: EventSource,
    chatId: string,
  ): Promise<{ change: WriteStep; told: WriteStep[] } | undefined> {
    const before = await this.state(session.id, chatId);
    if (!before || before.team_status === 'open') return undefined;
    const after = { ...before, team_status: 'open' as const };
    return {
      change: this.setState(session.id, chatId, before.team_revision, after),
      told: this.told(session, chatId, { ...after, changed: ['status'], by: null }),
    };
  }

  /** Steps that forget all that was kept of a chat, or of all chats of a session. */
  forget(sessionId: string, chatId?: string): WriteStep[] {
    const { kysely } = this.database;
    const reset = kysely
      .updateTable('chats')
      .set((e) => ({
        team_status: 'open',
        assignee_id: null,
        team_revision: e('team_revision', '+', 1),
      }))
      .where('session_id', '=', sessionId)
      .where((e) => e.or([e('team_status', '!=', 'open'), e('assignee_id', 'is not', null)]));
    const labels = kysely.deleteFrom('chat_team_labels').where('session_id', '=', sessionId);
    const notes = kysely.deleteFrom('chat_notes').where('session_id', '=', sessionId);
    if (chatId === undefined) return [{ query: reset }, { query: labels }, { query: notes }];
    return [
      { query: reset.where('id', '=', chatId) },
      { query: labels.where('chat_id', '=', chatId) },
      { query: notes.where('chat_id', '=', chatId) },
    ];
  }

  private setState(sessionId: string, chatId: string, revision: number, state: State): WriteStep {
    const { team_status, assignee_id } = state;
    const query = this.database.kysely
      .updateTable('chats')
      .set({ team_status, assignee_id, team_revision: revision + 1 })
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId)
      .where('team_revision', '=', revision);
    return { query, whenUnchanged: 'again' };
  }

  private told(
    session: EventSource,
    chatId: string,
    state: State & { changed: Changed; by: string | null },
  ): WriteStep[] {
    const data = {
      chatId,
      status: state.team_status,
      assigneeId: state.assignee_id,
      teamLabels: state.labels,
      changed: state.changed,
      by: state.by,
    };
    return [
      fence(this.database.kysely, session),
      this.log.append(session, 'chat.team', data, Date.now()),
    ];
  }

  private labelSteps(
    sessionId: string,
    chatId: string,
    before: string[],
    after: string[],
  ): WriteStep[] {
    const { kysely } = this.database;
    const put = after.filter((label) => !before.includes(label));
    const dropped = before.filter((label) => !after.includes(label));
    const place = { session_id: sessionId, chat_id: chatId };
    return [
      ...put.map((label_id) => ({
        query: kysely
          .insertInto('chat_team_labels')
          .values({ ...place, label_id })
          .onConflict((c) => c.doNothing()),
      })),
      ...dropped.map((label_id) => ({
        query: kysely
          .deleteFrom('chat_team_labels')
          .where('session_id', '=', sessionId)
          .where('chat_id', '=', chatId)
          .where('label_id', '=', label_id),
      })),
    ];
  }

  private async state(sessionId: string, chatId: string): Promise<State | undefined> {
    const { kysely } = this.database;
    const row = await kysely
      .selectFrom('chats')
      .select(['team_status', 'assignee_id', 'team_revision'])
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId)
      .executeTakeFirst();
    if (!row) return undefined;
    // Read after the revision: a label that came meanwhile makes the unit stale.
    const labels = await kysely
      .selectFrom('chat_team_labels')
      .select('label_id')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .orderBy('label_id')
      .execute();
    return { ...row, labels: labels.map(({ label_id }) => label_id) };
  }

  private async checkLabels(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = await this.database.kysely
      .selectFrom('team_labels')
      .select('id')
      .where('id', 'in', ids)
      .execute();
    const unknown = ids.find((id) => !rows.some((row) => row.id === id));
    if (unknown) throw new ApiError('team_label_not_found', `The team has no label ${unknown}`);
  }

  private followMerge(sessionId: string, from: string, into: string): WriteStep[] {
    const { kysely } = this.database;
    const copied = kysely
      .insertInto('chat_team_labels')
      .columns(['session_id', 'chat_id', 'label_id'])
      .expression((build) =>
        build
          .selectFrom('chat_team_labels as l')
          .select((e) => ['l.session_id', e.val(into).as('chat_id'), 'l.label_id'])
          .where('l.session_id', '=', sessionId)
          .where('l.chat_id', '=', from),
      )
      .onConflict((c) => c.doNothing());
    const dropped = kysely
      .deleteFrom('chat_team_labels')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', from);
    const moved = kysely
      .updateTable('chat_notes')
      .set({ chat_id: into })
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', from);
    return [{ query: copied }, { query: dropped }, { query: moved }];
  }
}

function changedBy(before: State, change: ChangeTeamState): State {
  const { status, assigneeId, addLabels = [], removeLabels = [] } = change;
  const labels = new Set([...before.labels, ...addLabels]);
  for (const label of removeLabels) labels.delete(label);
  return {
    ...before,
    team_status: status ?? before.team_status,
    assignee_id: assigneeId === undefined ? before.assignee_id : assigneeId,
    labels: [...labels].sort(),
  };
}

function differences(before: State, after: State): Changed {
  const changed: Changed = [];
  if (after.team_status !== before.team_status) changed.push('status');
  if (after.assignee_id !== before.assignee_id) changed.push('assignee');
  if (after.labels.join() !== before.labels.join()) changed.push('labels');
  return changed;
}

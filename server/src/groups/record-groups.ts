import type { EventData, Group } from '@patchbay/contract';
import type { ChatStore } from '../chats/chat-store.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineEventOf, EngineGroup, EngineParticipant } from '../engines/engine-events.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { type GroupPages, phoneAmong, toGroup } from './group-pages.js';
import type { GroupRow, GroupStore, MemberRow } from './group-store.js';

type GroupEvent = EngineEventOf<'groups' | 'group-changed' | 'group-participants'>;
type Action = EventData<'group.participants'>['action'];

/** Groups stored at the same time: their units share a commit. */
const AT_ONCE = 20;

/**
 * Keeps groups as the engine tells of them. What is known already writes nothing and tells nobody, so
 * a change may be told twice: by a notification and by the list of all groups.
 */
export class GroupRecorder {
  constructor(
    private readonly store: GroupStore,
    private readonly pages: GroupPages,
    private readonly chats: ChatStore,
    private readonly log: EventLog,
    private readonly nextEvent: (session: EventSource) => WriteStep,
  ) {}

  async record(session: EventSource, event: GroupEvent): Promise<void> {
    switch (event.type) {
      case 'groups':
        for (let start = 0; start < event.groups.length; start += AT_ONCE) {
          const some = event.groups.slice(start, start + AT_ONCE);
          await Promise.all(some.map((group) => this.recordWhole(session, group)));
        }
        if (event.present) await this.leaveOthers(session, event.present);
        return;
      case 'group-changed':
        return this.recordChange(session, event);
      case 'group-participants':
        return this.recordParticipants(session, event);
    }
  }

  private async recordWhole(session: EventSource, group: EngineGroup): Promise<void> {
    const before = await this.store.row(session.id, group.jid);
    const row: GroupRow = {
      session_id: session.id,
      jid: group.jid,
      subject: group.subject,
      description: group.description ?? null,
      owner_jid: group.ownerJid ?? null,
      created_at: group.createdAt ?? null,
      announce: group.announce ? 1 : 0,
      locked: group.locked ? 1 : 0,
      join_approval: group.joinApproval ? 1 : 0,
      ephemeral_seconds: group.ephemeralSeconds,
      addressing: group.addressing,
      member: 1,
    };
    const members = before ? await this.store.members(session.id, group.jid) : [];
    const news = differences(members, group.participants);
    const isNews = !before || !sameRow(before, row);
    if (!isNews && news.length === 0) return;
    const gone = news.filter(({ action }) => action === 'remove').flatMap((one) => one.people);
    const put = news.filter(({ action }) => action !== 'remove').flatMap((one) => one.people);
    const steps = [
      this.store.put(row),
      ...this.store.putMembers(session.id, group.jid, put),
      ...this.store.dropMembers(
        session.id,
        group.jid,
        gone.map(({ jid }) => jid),
      ),
    ];
    // Who was there when we came in is no news.
    const told = before?.member === 1 ? news : [];
    const view = isNews ? await this.viewOfWhole(session, row, group) : undefined;
    await this.write(session, row, steps, { updated: view, told });
  }

  private async recordChange(
    session: EventSource,
    { jid, change, byJid }: EngineEventOf<'group-changed'>,
  ): Promise<void> {
    const before = await this.store.row(session.id, jid);
    if (!before) return;
    const { subject, description, announce, locked, joinApproval, ephemeralSeconds } = change;
    const row: GroupRow = {
      ...before,
      ...(subject !== undefined && { subject }),
      ...(description !== undefined && { description: description || null }),
      ...(announce !== undefined && { announce: announce ? 1 : 0 }),
      ...(locked !== undefined && { locked: locked ? 1 : 0 }),
      ...(joinApproval !== undefined && { join_approval: joinApproval ? 1 : 0 }),
      ...(ephemeralSeconds !== undefined && { ephemeral_seconds: ephemeralSeconds }),
    };
    if (sameRow(before, row)) return;
    const { size, ownRole, profilePicUrl } = await this.pages.get(session.id, jid);
    const updated = { ...viewOf(row), size, ownRole, profilePicUrl };
    await this.write(session, row, [this.store.put(row)], { updated, told: [], byJid });
  }

  private async recordParticipants(
    session: EventSource,
    event: EngineEventOf<'group-participants'>,
  ): Promise<void> {
    const { jid, action, participants, byJid } = event;
    const row = await this.store.row(session.id, jid);
    if (!row) return;
    const members = await this.store.members(session.id, jid);
    const people = participants
      .map((person) => ({ ...person, role: roleAfter(action, person) }))
      .filter((person) => changes(action, person, members));
    if (event.includesMe && action === 'remove') {
      return this.leave(session, row, [{ action, people }], byJid);
    }
    if (people.length === 0) return;
    const steps =
      action === 'remove'
        ? this.store.dropMembers(
            session.id,
            jid,
            people.map((person) => person.jid),
          )
        : this.store.putMembers(session.id, jid, people);
    const told = [{ action, people }];
    await this.write(session, row, steps, { told, byJid });
  }

  private async leaveOthers(session: EventSource, present: string[]): Promise<void> {
    const still = new Set(present);
    for (const jid of await this.store.present(session.id)) {
      const row = still.has(jid) ? undefined : await this.store.row(session.id, jid);
      if (row) await this.leave(session, row, [], undefined);
    }
  }

  private async leave(
    session: EventSource,
    before: GroupRow,
    told: News[],
    byJid: string | undefined,
  ): Promise<void> {
    if (before.member === 0) return;
    const row: GroupRow = { ...before, member: 0 };
    const steps = [this.store.put(row), ...this.store.dropMembers(session.id, row.jid)];
    await this.write(session, row, steps, { updated: viewOf(row), told, byJid });
  }

  /** One unit: the rows, the chat's name, and the events that tell of it. */
  private async write(
    session: EventSource,
    row: GroupRow,
    steps: WriteStep[],
    {
      updated,
      told,
      byJid,
    }: { updated?: Group | undefined; told: News[]; byJid?: string | undefined },
  ): Promise<void> {
    const by = byJid ?? null;
    const event = <Name extends 'group.updated' | 'group.participants'>(
      name: Name,
      data: EventData<Name>,
    ) => [this.nextEvent(session), this.log.append(session, name, data, Date.now())];
    const { applied } = await this.chats.addresses.write(session, { jid: row.jid }, (chat) => [
      ...this.chats.ensure(session.id, chat, row.subject),
      this.chats.rename(session.id, chat.id, row.subject),
      this.chats.setTimer(session.id, chat.id, row.ephemeral_seconds),
      this.chats.stillLeads(session.id, chat),
      ...steps,
      ...told.flatMap(({ action, people }) =>
        event('group.participants', {
          groupId: row.jid,
          action,
          participants: people.map(({ jid, altJid }) => ({ jid, phone: phoneAmong(jid, altJid) })),
          by,
        }),
      ),
      ...(updated ? event('group.updated', { group: updated, by }) : []),
    ]);
    if (applied) this.log.wakeup.hint('events');
  }

  private async viewOfWhole(
    session: EventSource,
    row: GroupRow,
    { participants }: EngineGroup,
  ): Promise<Group> {
    const own = await this.pages.ownJids(session.id);
    const me = participants.find(({ jid, altJid }) =>
      [jid, altJid].some((one) => one !== undefined && own.includes(one)),
    );
    return { ...viewOf(row), size: participants.length, ownRole: me?.role ?? null };
  }
}

interface News {
  action: Action;
  people: EngineParticipant[];
}

/** A group without what stands in other rows. */
function viewOf(row: GroupRow): Group {
  return toGroup({ ...row, picture: null, size: 0, own_role: null });
}

function sameRow(a: GroupRow, b: GroupRow): boolean {
  return Object.entries(b).every(([name, value]) => a[name as keyof GroupRow] === value);
}

/** What happened between two lists of members. */
function differences(before: MemberRow[], after: EngineParticipant[]): News[] {
  const known = new Map(before.map((row) => [row.jid, row]));
  const present = new Set(after.map(({ jid }) => jid));
  const rose = (role: string | undefined) => role !== undefined && role !== 'member';
  const changed = after.filter(({ jid, role }) => known.get(jid) && known.get(jid)?.role !== role);
  const news: News[] = [
    { action: 'add', people: after.filter(({ jid }) => !known.has(jid)) },
    {
      action: 'remove',
      people: before
        .filter(({ jid }) => !present.has(jid))
        .map(({ jid, alt_jid, role }) => ({ jid, ...(alt_jid && { altJid: alt_jid }), role })),
    },
    { action: 'promote', people: changed.filter(({ role }) => rose(role)) },
    { action: 'demote', people: changed.filter(({ role }) => !rose(role)) },
  ];
  return news.filter(({ people }) => people.length > 0);
}

function roleAfter(action: Action, { role }: EngineParticipant): EngineParticipant['role'] {
  if (action === 'promote') return 'admin';
  return action === 'add' ? role : 'member';
}

/** Whether it is not so already. */
function changes(action: Action, { jid, role }: EngineParticipant, members: MemberRow[]): boolean {
  const known = members.find((row) => row.jid === jid);
  if (action === 'add') return !known;
  return known !== undefined && (action === 'remove' || known.role !== role);
}

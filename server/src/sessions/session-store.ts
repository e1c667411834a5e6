import { randomUUID } from 'node:crypto';
import type { EngineKind, EventData, Session } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog, Scope } from '../event-log/event-log.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { phoneOf } from '../whatsapp/jid.js';
import { fence } from './fence.js';
import { connectionOf, type MessageCounts, qrView, stateOf, toSession } from './session-view.js';
import { freeSlot, inSlot } from './slots.js';

export type SessionRow = Selectable<Schema['sessions']>;

/** What a session shows to be linked: the text of a QR, or a code to type on the phone. */
export interface LinkCode {
  kind: 'qr' | 'pairing-code';
  code: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** The rows of sessions, and how they look from outside. */
export class SessionStore {
  private readonly forgetters: ((sessionId: string) => WriteStep[])[] = [];
  /** Rows that `update` keeps as they are stored: of the sessions that this process runs. */
  private readonly running = new Map<string, SessionRow>();

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly box: SecretBox,
  ) {}

  async find(id: string, ownerId?: string): Promise<SessionRow | undefined> {
    let query = this.database.kysely.selectFrom('sessions').selectAll().where('id', '=', id);
    if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
    return await query.executeTakeFirst();
  }

  /** To be told of the row with which a session runs in this process. */
  runs(row: SessionRow): void {
    this.running.set(row.id, row);
  }

  /** In whose name an owner's session sends: asked for with every message, so from memory if it may be. */
  async sender(
    id: string,
    ownerId: string,
  ): Promise<Pick<SessionRow, 'jid' | 'linked'> | undefined> {
    const row = this.running.get(id);
    // Whatever would be refused is looked up: another process may have linked it meanwhile.
    const isLinked = row?.owner_id === ownerId && row.linked === 1;
    return isLinked ? row : await this.find(id, ownerId);
  }

  /** The user whose session it is; asked for with every request, so from memory if it may be. */
  async ownerOf(id: string): Promise<string | undefined> {
    return (this.running.get(id) ?? (await this.find(id)))?.owner_id;
  }

  /** Sessions in any of these scopes, oldest first. */
  async list(scope: readonly Scope[]): Promise<SessionRow[]> {
    if (scope.length === 0) return [];
    return await this.database.kysely
      .selectFrom('sessions')
      .selectAll()
      .$if(!scope.some(({ ownerId }) => ownerId === undefined), (all) =>
        all.where((e) =>
          e.or(
            scope.map(({ ownerId, sessionId }) =>
              e.and([
                e('owner_id', '=', ownerId ?? ''),
                ...(sessionId === undefined ? [] : [e('id', '=', sessionId)]),
              ]),
            ),
          ),
        ),
      )
      .orderBy('created_at')
      .orderBy('slot')
      .execute();
  }

  /** Ids of all sessions that should be up. */
  async wanted(): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('sessions')
      .select('id')
      .where('wanted', '=', 1)
      .execute();
    return rows.map((row) => row.id);
  }

  /** Another session that holds working credentials for this number. */
  async otherWithNumber(jid: string, id: string): Promise<string | undefined> {
    const row = await this.database.kysely
      .selectFrom('sessions')
      .select('id')
      .where('jid', '=', jid)
      .where('linked', '=', 1)
      .where('id', '!=', id)
      .executeTakeFirst();
    return row?.id;
  }

  /**
   * Creates a session in the owner's first free slot, or the one asked for; leaves an existing one as
   * it is.
   * @throws {ApiError} no_free_slot
   */
  async create(input: {
    id?: string | undefined;
    ownerId: string;
    engine: EngineKind;
    displayName?: string | undefined;
    slot?: number | undefined;
    maxSlots: number | null;
    also?(id: string): WriteStep[];
  }): Promise<SessionRow> {
    const id = input.id ?? randomUUID();
    // Two creations at once may choose the same slot; the unique index lets one through.
    for (;;) {
      const slot = input.slot ?? (await freeSlot(this.database, input.ownerId, input.maxSlots));
      const sequence = await this.log.lastSequence(id);
      const row = { ...newRow({ ...input, id, slot }), event_sequence: sequence };
      const insert = this.database.kysely
        .insertInto('sessions')
        .values(row)
        .onConflict((c) => c.doNothing());
      const source = { id, ownerId: input.ownerId };
      const data = { displayName: row.display_name };
      const { applied } = await this.database.write([
        { query: insert, whenUnchanged: 'stop' },
        fence(this.database.kysely, id),
        this.log.append(source, 'session.created', data, row.created_at),
        ...(input.also?.(id) ?? []),
      ]);
      if (applied) this.log.wakeup.hint('events');
      const stored = (await this.find(id)) ?? (await this.asked(input));
      if (stored) return stored;
    }
  }

  /** The QR that runs out at this time as a data URL, while it is the one that the session shows. */
  async currentQr(ownerId: string, id: string, expiresAt: string): Promise<string | undefined> {
    const row = await this.find(id, ownerId);
    const code = row && this.linkCode(row);
    if (code?.kind !== 'qr' || code.expiresAt !== Date.parse(expiresAt)) return undefined;
    return (await qrView(code.code, code.expiresAt)).dataUrl;
  }

  /** Adds what another folder keeps of a session; it goes in the same unit when it is deleted. */
  onDelete(forget: (sessionId: string) => WriteStep[]): void {
    this.forgetters.push(forget);
  }

  /** Deletes a session and all that belongs to it; the event log keeps that it was. */
  async delete(row: SessionRow, also: WriteStep[] = []): Promise<void> {
    const { kysely } = this.database;
    this.running.delete(row.id);
    await this.database.write([
      fence(kysely, row.id),
      this.log.append({ id: row.id, ownerId: row.owner_id }, 'session.deleted', {}, Date.now()),
      ...this.forgettingKeys(row.id),
      ...this.forgetters.flatMap((forget) => forget(row.id)),
      { query: kysely.deleteFrom('sessions').where('id', '=', row.id) },
      ...also,
    ]);
    this.log.wakeup.hint('events');
  }

  /**
   * Writes changed columns together with the events that tell of them, and then changes `row`
   * itself. Refused when another owner has taken the session meanwhile.
   */
  async update(
    row: SessionRow,
    set: Partial<SessionRow>,
    eventsOf: (next: SessionRow) => WriteStep[] = () => [],
    before: WriteStep[] = [],
  ): Promise<void> {
    const { kysely } = this.database;
    const events = eventsOf({ ...row, ...set });
    const change = kysely
      .updateTable('sessions')
      .set(set)
      .where('id', '=', row.id)
      .where('epoch', '=', row.epoch);
    await this.database.write([
      { query: change, whenUnchanged: 'fail' },
      ...before,
      ...events.flatMap((event) => [fence(kysely, row.id), event]),
    ]);
    Object.assign(row, set);
    if (events.length) this.log.wakeup.hint('events');
  }

  /** The event that tells a session's state. */
  statusEvent(row: SessionRow): WriteStep {
    const data: EventData<'session.status'> = {
      connection: connectionOf(row),
      state: stateOf(row),
      phone: (row.jid && phoneOf(row.jid)) ?? null,
      displayName: row.display_name,
    };
    const source = { id: row.id, ownerId: row.owner_id };
    return this.log.append(source, 'session.status', data, Date.now());
  }

  plainEvent(row: SessionRow, name: 'session.closed' | 'session.removed'): WriteStep {
    return this.log.append({ id: row.id, ownerId: row.owner_id }, name, {}, Date.now());
  }

  qrEvent(row: SessionRow, { kind, expiresAt }: LinkCode): WriteStep {
    const source = { id: row.id, ownerId: row.owner_id };
    const data = { kind, expiresAt: new Date(expiresAt).toISOString() };
    return this.log.append(source, 'session.qr', data, Date.now());
  }

  /**
   * Steps and columns that forget a session's credentials; what the engine that had them has still to
   * write is refused from then on.
   */
  forgetKeys(row: SessionRow): { set: Partial<SessionRow>; before: WriteStep[] } {
    const set = { linked: 0, epoch: row.epoch + 1, ...NO_LINK_CODE };
    return { set, before: this.forgettingKeys(row.id) };
  }

  /** The keys of a device, and what only they could have read. */
  private forgettingKeys(id: string): WriteStep[] {
    return (['session_keys', 'stanza_journal'] as const).map((table) => ({
      query: this.database.kysely.deleteFrom(table).where('session_id', '=', id),
    }));
  }

  linkCodeColumns({ kind, code, expiresAt }: LinkCode, row: SessionRow): Partial<SessionRow> {
    return {
      link_code: this.box.seal(Buffer.from(code), linkCodePlace(row.id)),
      link_code_kind: kind,
      link_code_expires_at: expiresAt,
    };
  }

  /** The QR or pairing code that a session shows now; never a stale one. */
  linkCode(row: SessionRow, now = Date.now()): LinkCode | undefined {
    if (!row.link_code || !row.link_code_kind || !row.link_code_expires_at) return undefined;
    if (row.link_code_expires_at <= now) return undefined;
    if (row.status !== 'qr' && row.status !== 'pairing') return undefined;
    const code = Buffer.from(this.box.open(row.link_code, linkCodePlace(row.id))).toString();
    return { kind: row.link_code_kind, code, expiresAt: row.link_code_expires_at };
  }

  /** Sessions in the inbox's view, with today's counts. */
  async views(rows: SessionRow[]): Promise<Session[]> {
    const counts = await this.messageCounts(rows.map((row) => row.id));
    return rows.map((row) => toSession(row, counts.get(row.id)));
  }

  /** What somebody else has just put into the slot that was asked for. */
  private async asked(input: { ownerId: string; slot?: number | undefined }) {
    const { ownerId, slot } = input;
    return slot === undefined ? undefined : await inSlot(this.database, ownerId, slot);
  }

  private async messageCounts(ids: string[]): Promise<Map<string, MessageCounts>> {
    if (ids.length === 0) return new Map();
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    const { kysely } = this.database;
    const [today, last] = await Promise.all([
      kysely
        .selectFrom('messages')
        .select((e) => [
          'session_id',
          e.fn.countAll<number>().as('all'),
          e.fn.sum<number>('from_me').as('sent'),
        ])
        .where('session_id', 'in', ids)
        .where('hidden', '=', 0)
        .where('at', '>=', midnight)
        .groupBy('session_id')
        .execute(),
      kysely
        .selectFrom('chats')
        .select((e) => ['session_id', e.fn.max('last_message_at').as('at')])
        .where('session_id', 'in', ids)
        .groupBy('session_id')
        .execute(),
    ]);
    const counts = new Map<string, MessageCounts>();
    for (const row of last) counts.set(row.session_id, { received: 0, sent: 0, lastAt: row.at });
    for (const row of today) {
      const sent = Number(row.sent);
      const lastAt = counts.get(row.session_id)?.lastAt ?? null;
      counts.set(row.session_id, { received: Number(row.all) - sent, sent, lastAt });
    }
    return counts;
  }
}

export const NO_LINK_CODE = {
  link_code: null,
  link_code_kind: null,
  link_code_expires_at: null,
} satisfies Partial<SessionRow>;

function linkCodePlace(id: string): string {
  return `${id}|link-code`;
}

function newRow(input: {
  id: string;
  ownerId: string;
  slot: number;
  engine: EngineKind;
  displayName?: string | undefined;
}): SessionRow {
  const now = Date.now();
  return {
    id: input.id,
    owner_id: input.ownerId,
    slot: input.slot,
    engine: input.engine,
    epoch: 1,
    wanted: 0,
    status: 'closed',
    reason: 'created',
    action: 'restart',
    attempt: 0,
    status_since: now,
    next_attempt_at: null,
    linked: 0,
    jid: null,
    lid: null,
    label: input.displayName ?? null,
    display_name: input.displayName ?? null,
    event_sequence: 0,
    ...NO_LINK_CODE,
    last_seen_at: null,
    created_at: now,
  };
}

import { randomUUID } from 'node:crypto';
import type { EngineKind, EventData, Session } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { stillThere } from '../cluster/still-there.js';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog, Scope } from '../event-log/event-log.js';
import { inScope } from '../event-log/in-scope.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { phoneOf } from '../whatsapp/jid.js';
import { type Fenced, fence } from './fence.js';
import { NO_LINK_CODE, newRow } from './new-session.js';
import { connectionOf, type MessageCounts, qrView, stateOf, toSession } from './session-view.js';
import { freeSlot, inSlot } from './slots.js';

export type SessionRow = Selectable<Schema['sessions']>;

/** What a session shows to be linked: the text of a QR, or a code to type on the phone. */
export interface LinkCode {
  kind: 'qr' | 'pairing-code';
  code: string;
  /** Milliseconds since the epoch. */
  generatedAt: number;
  expiresAt: number;
}

/** The rows of sessions, and how they look from outside. */
export class SessionStore {
  private readonly forgetters: ((sessionId: string) => WriteStep[])[] = [];
  /** Rows that `update` keeps as they are stored: of the sessions that this process runs. */
  private readonly running = new Map<string, SessionRow>();
  private readonly onRuns: ((sessionId: string) => void)[] = [];

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
    for (const listener of this.onRuns) listener(row.id);
  }

  /** Calls back whenever a session begins to run in this process. */
  onRun(listener: (sessionId: string) => void): void {
    this.onRuns.push(listener);
  }

  runsHere(id: string): boolean {
    return this.running.has(id);
  }

  /** The row is no longer kept: another process may run the session. */
  leaves(id: string): void {
    this.running.delete(id);
  }

  /** The rows of the sessions that run here, as they are now. */
  ofThisProcess(): Iterable<SessionRow> {
    return this.running.values();
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
    return await this.database.kysely
      .selectFrom('sessions')
      .selectAll()
      .where(inScope(scope, 'owner_id', 'id'))
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
        fence(this.database.kysely, { id }),
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
      fence(kysely, fencedBy(row)),
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
    const { worker_id: worker } = row;
    const change = kysely
      .updateTable('sessions')
      .set(set)
      .where('id', '=', row.id)
      .where('epoch', '=', row.epoch)
      .$if(worker !== null, (owned) =>
        owned.where('worker_id', '=', worker).where(stillThere(worker as string)),
      );
    await this.database.write([
      { query: change, whenUnchanged: 'fail' },
      ...before,
      ...events.flatMap((event) => [fence(kysely, { id: row.id }), event]),
    ]);
    Object.assign(row, set);
    if (events.length) this.log.wakeup.hint('events');
  }

  /** The event that tells a session's state, and what it was before. */
  statusEvent(
    row: SessionRow,
    { status, reason }: Pick<SessionRow, 'status' | 'reason'>,
  ): WriteStep {
    const data: EventData<'session.status'> = {
      connection: connectionOf(row),
      state: stateOf(row),
      previous: { status, reason },
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

  linkCodeColumns(linkCode: LinkCode, row: SessionRow): Partial<SessionRow> {
    const { kind, code, generatedAt, expiresAt } = linkCode;
    return {
      link_code: this.box.seal(Buffer.from(code), linkCodePlace(row.id)),
      link_code_kind: kind,
      link_code_at: generatedAt,
      link_code_expires_at: expiresAt,
    };
  }

  /** The QR or pairing code that a session shows now; never a stale one. */
  linkCode(row: SessionRow, now = Date.now()): LinkCode | undefined {
    const { link_code: sealed, link_code_kind: kind, link_code_expires_at: expiresAt } = row;
    if (!sealed || !kind || !expiresAt || expiresAt <= now) return undefined;
    if (row.status !== 'qr' && row.status !== 'pairing') return undefined;
    const code = Buffer.from(this.box.open(sealed, linkCodePlace(row.id))).toString();
    return { kind, code, generatedAt: row.link_code_at ?? row.status_since, expiresAt };
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
      // The first that the index of each session has: a group of all would be all chats there are.
      kysely
        .selectFrom('sessions as s')
        .select((e) => [
          's.id as session_id',
          e
            .selectFrom('chats as c')
            .select('c.last_message_at')
            .whereRef('c.session_id', '=', 's.id')
            .where('c.last_message_at', 'is not', null)
            .orderBy('c.last_message_at', 'desc')
            .limit(1)
            .as('at'),
        ])
        .where('s.id', 'in', ids)
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

/** As its owner writes. */
export function fencedBy({ id, worker_id }: SessionRow): Fenced {
  return { id, worker: worker_id ?? undefined };
}

function linkCodePlace(id: string): string {
  return `${id}|link-code`;
}

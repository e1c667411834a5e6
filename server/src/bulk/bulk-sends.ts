import type { BulkSend, BulkState } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { Principal } from '../auth/principal.js';
import type { SessionAccess } from '../auth/session-access.js';
import type { Clock } from '../clock.js';
import type { Duties } from '../cluster/duties.js';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import type { WriteStep } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import { EventConsumer } from '../event-log/consumer.js';
import type { EventLog } from '../event-log/event-log.js';
import { ApiError } from '../http/api-error.js';
import type { JobQueue } from '../jobs/job-queue.js';
import type { MediaRecords } from '../media/media-records.js';
import type { Outbox, SendingSession } from '../outbox/outbox.js';
import type { OutboxForecast } from '../outbox/outbox-forecast.js';
import type { NumberPlan } from '../whatsapp/phone-number.js';
import { bulkJob } from './bulk-job.js';
import { BulkLimits } from './bulk-limits.js';
import type { Asking, Draft } from './bulk-making.js';
import { BulkMaking } from './bulk-making.js';
import { bulkReader } from './bulk-reader.js';
import type { BulkSendRow } from './bulk-store.js';
import { BulkStore } from './bulk-store.js';
import type { BulkChange } from './bulk-turns.js';
import { BulkTurns } from './bulk-turns.js';
import { toBulkSend } from './bulk-view.js';
import { feedRows } from './feed-rows.js';
import { TemplateStore } from './template-store.js';

interface Tools {
  access: SessionAccess;
  database: Database;
  log: EventLog;
  leases: Duties;
  queue: JobQueue;
  outbox: Outbox;
  forecast: OutboxForecast;
  media: MediaRecords;
  clock: Clock;
  logger: Logger;
  /** How phone numbers are understood, where a bulk send does not say it. */
  numbers: NumberPlan;
  senderOf(sessionId: string): Promise<SendingSession | undefined>;
  /** The step before an event of a session. */
  nextEvent(sessionId: string): WriteStep;
}

/** Receipts come in for so long after the last row has left (ms). */
const RECEIPTS_FOR = 30 * 24 * 60 * 60 * 1000;
/** How often it is looked whether anybody waits for receipts (ms): another process may have begun. */
const LOOK_EVERY = 2000;

/** The bulk sends of this server: made, fed to the outbox row by row, paused and ended. */
export class BulkSends {
  readonly store: BulkStore;
  readonly templates: TemplateStore;
  readonly making: BulkMaking;
  private readonly turns: BulkTurns;
  private readonly limits: BulkLimits;
  private readonly consumer: EventConsumer;
  private readonly stopping = new AbortController();
  private anyLive = true;
  /** How many bulk sends were begun in this process. */
  private begun = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly tools: Tools) {
    const { database, log, leases, queue, logger, clock, forecast } = tools;
    this.store = new BulkStore(database);
    this.turns = new BulkTurns(database, log, tools.nextEvent);
    this.templates = new TemplateStore(database);
    this.limits = new BulkLimits(database, forecast);
    this.making = new BulkMaking(this.templates, this.limits, tools.numbers);
    const { store, turns } = this;
    const { signal } = this.stopping;
    queue.handle(
      bulkJob,
      feedRows({ ...tools, wakeup: log.wakeup, store, turns, stopping: signal }),
    );
    const reader = bulkReader({
      ...{ store, queue },
      wanted: () => this.wanted(),
      look: () => this.look(this.begun),
    });
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
  }

  async start(): Promise<void> {
    await this.consumer.start();
  }

  /** Before the jobs stop: what is fed at this moment goes on after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.consumer.stop();
  }

  /** @throws ApiError `bulk_not_found`, also when the caller may not use its session */
  async find(caller: Principal, id: string): Promise<BulkSendRow> {
    const row = await this.store.byId(id);
    if (row && (await this.tools.access.find(caller, row.session_id))) return row;
    throw new ApiError('bulk_not_found', `There is no bulk send "${id}"`);
  }

  async list(
    caller: Principal,
    filter: { sessionId?: string | undefined; state?: BulkState | undefined },
    limit: number,
    after?: ListPlace,
  ): Promise<{ bulkSends: BulkSend[]; last: BulkSendRow | undefined }> {
    const scope = await this.tools.access.reach(caller);
    const rows = await this.store.list(scope, filter, limit, after);
    const counts = await this.store.counts(rows.map(({ id }) => id));
    return {
      bulkSends: rows.map((row) => toBulkSend(row, countsOf(counts, row.id))),
      last: rows.length === limit ? rows.at(-1) : undefined,
    };
  }

  /** One, with the time at which the last row is expected to leave. */
  async view(row: BulkSendRow): Promise<BulkSend> {
    const counts = countsOf(await this.store.counts([row.id]), row.id);
    const left = counts.pending + counts.queued;
    const isOver = row.state === 'done' || row.state === 'cancelled';
    const endsAt =
      isOver || left === 0 ? null : await this.limits.endOf(row.session_id, left, row.send_at ?? 0);
    return toBulkSend(row, counts, endsAt);
  }

  /**
   * Makes a bulk send; it begins at once, or at its time.
   * @throws ApiError `session_not_linked`, and as `BulkMaking.finished`
   */
  async create(
    asking: Asking,
    name: string,
    draft: Draft,
    also: (id: string) => WriteStep[],
  ): Promise<BulkSend> {
    const { database, queue, senderOf } = this.tools;
    const sender = await senderOf(asking.session.id);
    if (!sender) throw new ApiError('session_not_linked');
    const bulk = await this.making.finished(asking, { name, jid: sender.jid }, draft);
    this.begins();
    await database.write([
      ...this.store.create(bulk, draft.rows),
      ...this.turns.told(bulk),
      this.toDo(bulk.id, bulk.send_at ?? undefined),
      ...also(bulk.id),
    ]);
    this.begins();
    queue.wake(bulkJob, bulk.id);
    return await this.view(bulk);
  }

  /** No row more is sent; the one that waits in the outbox is taken back. @throws ApiError `bulk_not_possible` */
  async pause(row: BulkSendRow, note: WriteStep): Promise<BulkSend> {
    return await this.turn(row, ['running', 'scheduled'], 'paused', [note]);
  }

  /** Goes on where it was, or waits for its time again. @throws ApiError `bulk_not_possible` */
  async resume(row: BulkSendRow, note: WriteStep): Promise<BulkSend> {
    const now = this.tools.clock.now();
    const isEarly = row.send_at !== null && row.send_at > now && row.started_at === null;
    // Whoever lets it go on does so in the name of the number that is linked now.
    const sender = await this.tools.senderOf(row.session_id);
    const changed = {
      jid: sender?.jid ?? row.jid,
      ...(!isEarly && { started_at: row.started_at ?? now }),
    };
    this.begins();
    const turned = await this.turn(
      row,
      ['paused'],
      isEarly ? 'scheduled' : 'running',
      [this.toDo(row.id, isEarly ? (row.send_at ?? undefined) : undefined), note],
      changed,
    );
    const { database, queue } = this.tools;
    // A job that waits for a time that no longer counts.
    if (!isEarly) await database.write([queue.hurry(bulkJob, row.id)]);
    queue.wake(bulkJob, row.id);
    return turned;
  }

  /** What has not left is not sent any more. @throws ApiError `bulk_not_possible` */
  async cancel(row: BulkSendRow, note: WriteStep): Promise<BulkSend> {
    const finished = { finished_at: this.tools.clock.now() };
    const steps = [this.store.cancelPending(row.id), note];
    return await this.turn(row, ['running', 'scheduled', 'paused'], 'cancelled', steps, finished);
  }

  /** Deletes a bulk send that is over, and its rows; the messages stay. @throws ApiError `bulk_not_possible` */
  async delete(row: BulkSendRow, note: WriteStep): Promise<void> {
    const must = this.store.mustBe(row.id, ['done', 'cancelled', 'paused']);
    await this.orRefuse(row, 'deleted: cancel it first', [
      must,
      ...this.store.delete(row.id),
      note,
    ]);
  }

  /** Steps that forget the bulk sends of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    return this.store.forget(sessionId);
  }

  private toDo(bulkId: string, dueAt?: number): WriteStep {
    const options = { lane: bulkId, unique: `bulk/${bulkId}`, ...(dueAt && { dueAt }) };
    return this.tools.queue.add(bulkJob, { bulkId }, options);
  }

  private async turn(
    row: BulkSendRow,
    from: BulkState[],
    state: BulkState,
    also: WriteStep[],
    more: BulkChange = {},
  ): Promise<BulkSend> {
    await this.orRefuse(row, TURNED[state], [
      ...this.turns.become(row, from, state, more),
      ...also,
    ]);
    if (state === 'paused' || state === 'cancelled') await this.takeBack(row, state);
    return await this.view({ ...row, paused_because: null, ...more, state });
  }

  /** What waits in the outbox and was not handed over. */
  private async takeBack(row: BulkSendRow, state: 'paused' | 'cancelled'): Promise<void> {
    const { outbox } = this.tools;
    const session = { id: row.session_id, ownerId: row.owner_id, jid: null };
    for (const waiting of await this.store.waitingInOutbox(row.id)) {
      // Cancelled, the row is told so by the log.
      const also = state === 'paused' ? [this.store.rowTakenBack(waiting)] : [];
      await outbox.cancel(session, waiting.message_id ?? '', also);
    }
  }

  private async orRefuse(
    { id, state }: BulkSendRow,
    what: string | undefined,
    steps: WriteStep[],
  ): Promise<void> {
    try {
      await this.tools.database.write(steps);
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      const now = (await this.store.byId(id))?.state ?? state;
      throw new ApiError('bulk_not_possible', `It is ${now}, and cannot be ${what ?? 'changed'}`);
    }
  }

  /** Whether a row may still change by what the log tells. */
  private wanted(): boolean {
    const now = performance.now();
    if (now - this.lookedAt > LOOK_EVERY) {
      this.lookedAt = now;
      void this.look(this.begun);
    }
    return this.anyLive;
  }

  /** @param begun as many bulk sends as were begun here before it looks */
  private async look(begun: number): Promise<void> {
    const since = this.tools.clock.now() - RECEIPTS_FOR;
    const anyLive = await this.store.anyLive(since).catch(() => true);
    if (anyLive || begun === this.begun) this.anyLive = anyLive;
  }

  private begins(): void {
    this.begun += 1;
    this.anyLive = true;
  }
}

const TURNED: Partial<Record<BulkState, string>> = {
  paused: 'paused',
  running: 'resumed',
  scheduled: 'resumed',
  cancelled: 'cancelled',
};

function countsOf(found: Awaited<ReturnType<BulkStore['counts']>>, id: string) {
  const counts = found.get(id);
  if (!counts) throw new Error('counts were not asked for');
  return counts;
}

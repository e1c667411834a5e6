import { randomUUID } from 'node:crypto';
import type { DeliveryState, WebhookAttempt, WebhookDelivery } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Clock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { StoredEvent } from '../../event-log/event-log.js';
import { eventId } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { deliveryJob } from './delivery-job.js';
import type { EventFacts, Reaches } from './wants.js';
import { factsOf, wantedAs } from './wants.js';
import { isTaken } from './webhook-call.js';
import type { WebhookRow } from './webhook-store.js';

export type DeliveryRow = Selectable<Schema['webhook_deliveries']>;

/** So many attempts of a delivery are kept to be shown. */
const ATTEMPTS_KEPT = 10;

/** Which events go to which webhooks, and what came of it. */
export class DeliveryStore {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly reaches: Reaches,
  ) {}

  /** Steps: the deliveries of these events that these webhooks want, in the order of the events. */
  async create(
    webhooks: readonly WebhookRow[],
    events: readonly StoredEvent[],
    cause: 'event' | 'redelivery',
  ): Promise<{ steps: WriteStep[]; webhookIds: Set<string> }> {
    const steps: WriteStep[] = [];
    const webhookIds = new Set<string>();
    const chatsOf = this.chatFilters();
    for (const event of events) {
      const candidates = webhooks.filter(
        (webhook) => cause === 'redelivery' || event.position > webhook.from_position,
      );
      if (candidates.length === 0) continue;
      const facts = factsOf(event);
      for (const webhook of candidates) {
        const chats = await chatsOf(webhook, event.session_id);
        const name = wantedAs(webhook, event, facts, chats, this.reaches);
        if (name === undefined) continue;
        steps.push(...this.insert(webhook, { ...event, name }, facts, cause));
        webhookIds.add(webhook.id);
      }
    }
    return { steps, webhookIds };
  }

  private insert(
    webhook: WebhookRow,
    event: StoredEvent,
    { chatId }: EventFacts,
    cause: 'event' | 'redelivery',
  ): WriteStep[] {
    const id = `dlv_${randomUUID()}`;
    const now = this.clock.now();
    const query = this.database.kysely.insertInto('webhook_deliveries').values({
      id,
      webhook_id: webhook.id,
      event_id: eventId(event),
      event_name: event.name,
      event_position: event.position,
      session_id: event.session_id,
      chat_id: chatId,
      cause,
      state: 'pending',
      attempts: 0,
      log: '[]',
      created_at: now,
      next_attempt_at: now,
      finished_at: null,
    });
    return [{ query }, this.enqueue(id, webhook.id, event.session_id, chatId)];
  }

  /** Steps: made again, behind what waits for the same chat; nothing if it is waiting itself. */
  again(row: DeliveryRow): WriteStep[] {
    const query = this.database.kysely
      .updateTable('webhook_deliveries')
      .set({
        state: 'pending',
        cause: 'redelivery',
        next_attempt_at: this.clock.now(),
        finished_at: null,
      })
      .where('id', '=', row.id)
      .where('state', '<>', 'pending');
    return [{ query }, this.enqueue(row.id, row.webhook_id, row.session_id, row.chat_id)];
  }

  /** Notes a test call and what came of it; it is not made again. */
  async noteTest(
    test: Pick<DeliveryRow, 'id' | 'webhook_id' | 'event_id' | 'event_name'>,
    attempt: WebhookAttempt,
  ): Promise<void> {
    const query = this.database.kysely.insertInto('webhook_deliveries').values({
      ...test,
      event_position: 0,
      session_id: '',
      chat_id: null,
      cause: 'test',
      state: isTaken(attempt) ? 'delivered' : 'failed',
      attempts: 1,
      log: JSON.stringify([attempt]),
      created_at: Date.parse(attempt.at),
      next_attempt_at: null,
      finished_at: this.clock.now(),
    });
    await this.database.write([{ query }]);
  }

  async find(id: string): Promise<DeliveryRow | undefined> {
    return await this.database.kysely
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Newest first, before a number. */
  async list(
    webhookId: string,
    { state, before, limit }: { state?: DeliveryState | undefined; before: number; limit: number },
  ): Promise<DeliveryRow[]> {
    let query = this.database.kysely
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      .where('number', '<', before)
      .orderBy('number', 'desc')
      .limit(limit);
    if (state) query = query.where('state', '=', state);
    return await query.execute();
  }

  /** Given up before a moment, in the order of their events; those with `after` are past. */
  async deadBefore(
    webhookId: string,
    moment: number,
    after: number,
    limit: number,
  ): Promise<DeliveryRow[]> {
    return await this.database.kysely
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      .where('state', '=', 'dead')
      .where('finished_at', '<=', moment)
      .where('number', '>', after)
      .orderBy('number')
      .limit(limit)
      .execute();
  }

  /**
   * Deletes deliveries that ended before a moment (ms).
   * @returns how many, at most `limit`; 0 when none is left
   */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const ended = this.database.kysely
      .selectFrom('webhook_deliveries')
      .select('number')
      .where('state', 'in', ['delivered', 'dead', 'failed'])
      .where('finished_at', '<', moment)
      .limit(limit);
    return await this.delete((await ended.execute()).map(({ number }) => number));
  }

  /** Deletes some deliveries of a webhook; returns how many, 0 when none is left. */
  async deleteOf(webhookId: string, limit: number): Promise<number> {
    const some = this.database.kysely
      .selectFrom('webhook_deliveries')
      .select('number')
      .where('webhook_id', '=', webhookId)
      .orderBy('number')
      .limit(limit);
    return await this.delete((await some.execute()).map(({ number }) => number));
  }

  private async delete(numbers: number[]): Promise<number> {
    if (numbers.length === 0) return 0;
    const { kysely } = this.database;
    const query = kysely.deleteFrom('webhook_deliveries').where('number', 'in', numbers);
    await this.database.write([{ query }]);
    return numbers.length;
  }

  /** How many deliveries of each webhook wait or were given up; 1,000 stands for more. */
  async count(webhookId: string, state: 'pending' | 'dead'): Promise<number> {
    const some = this.database.kysely
      .selectFrom('webhook_deliveries')
      .select('number')
      .where('webhook_id', '=', webhookId)
      .where('state', '=', state)
      .limit(1000);
    const row = await this.database.kysely
      .selectFrom(some.as('some'))
      .select((e) => e.fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  }

  /** Step: an attempt took it. */
  delivered(row: DeliveryRow, attempt: WebhookAttempt, now: number): WriteStep {
    return this.note(row.id, {
      state: 'delivered',
      attempts: row.attempts + 1,
      log: logWith(row, attempt),
      next_attempt_at: null,
      finished_at: now,
    });
  }

  /** Step: an attempt failed; with no further one it is dead. */
  failed(
    row: DeliveryRow,
    attempt: WebhookAttempt,
    nextAttemptAt: number | null,
    now: number,
  ): WriteStep {
    return this.note(row.id, {
      state: nextAttemptAt === null ? 'dead' : 'pending',
      attempts: row.attempts + 1,
      log: logWith(row, attempt),
      next_attempt_at: nextAttemptAt,
      finished_at: nextAttemptAt === null ? now : null,
    });
  }

  private note(
    id: string,
    values: Pick<DeliveryRow, 'state' | 'attempts' | 'log' | 'next_attempt_at' | 'finished_at'>,
  ): WriteStep {
    const query = this.database.kysely.updateTable('webhook_deliveries').set(values);
    return { query: query.where('id', '=', id) };
  }

  private enqueue(
    deliveryId: string,
    webhookId: string,
    sessionId: string,
    chatId: string | null,
  ): WriteStep {
    const key = `${sessionId}|${chatId ?? ''}`;
    const options = { lane: webhookId, key, unique: deliveryId };
    return this.queue.add(deliveryJob, { deliveryId }, options);
  }

  /** Which chats of a session the filter of a webhook means, asked once each. */
  private chatFilters() {
    const known = new Map<string, Set<string>>();
    return async (webhook: WebhookRow, sessionId: string): Promise<ReadonlySet<string>> => {
      if (webhook.chats === '[]') return NONE;
      const place = `${webhook.id}|${sessionId}`;
      let chats = known.get(place);
      if (!chats) {
        const jids = JSON.parse(webhook.chats) as string[];
        const rows = await this.database.kysely
          .selectFrom('chat_aliases')
          .select('chat_id')
          .where('session_id', '=', sessionId)
          .where('jid', 'in', jids)
          .execute();
        chats = new Set([...jids, ...rows.map((row) => row.chat_id)]);
        known.set(place, chats);
      }
      return chats;
    };
  }
}

const NONE: ReadonlySet<string> = new Set();

function logWith({ log }: DeliveryRow, attempt: WebhookAttempt): string {
  return JSON.stringify([...(JSON.parse(log) as WebhookAttempt[]), attempt].slice(-ATTEMPTS_KEPT));
}

/** A delivery as the API shows it. */
export function toDelivery(row: DeliveryRow): WebhookDelivery {
  const time = (at: number) => new Date(at).toISOString();
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    eventName: row.event_name,
    position: row.cause === 'test' ? null : row.event_position,
    sessionId: row.cause === 'test' ? null : row.session_id,
    chatId: row.chat_id,
    cause: row.cause,
    state: row.state,
    attempts: row.attempts,
    createdAt: time(row.created_at),
    nextAttemptAt: row.next_attempt_at === null ? null : time(row.next_attempt_at),
    finishedAt: row.finished_at === null ? null : time(row.finished_at),
    log: JSON.parse(row.log) as WebhookAttempt[],
  };
}

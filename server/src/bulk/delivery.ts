import type { DeliveryBy, DeliveryCounts, DeliveryDays, DeliveryGroup } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { Scope } from '../event-log/event-log.js';

const DAY = 24 * 60 * 60 * 1000;
/** Groups of an answer. */
const MOST_GROUPS = 200;

export interface DeliveryAsked {
  /** Up to today, in UTC. */
  days: number;
  sessionId?: string | undefined;
  templateId?: string | undefined;
  bulkId?: string | undefined;
}

/** So many messages in one state. */
interface Counted {
  state: string;
  count: number;
}

/** Which counts a message in this state is part of; of what was taken back none. */
const COUNTED: Record<string, readonly (keyof DeliveryCounts)[]> = {
  pending: [],
  cancelled: [],
  expired: [],
  queued: ['accepted'],
  sending: ['accepted'],
  failed: ['accepted', 'failed'],
  sent: ['accepted', 'sent'],
  delivered: ['accepted', 'sent', 'delivered'],
  read: ['accepted', 'sent', 'delivered', 'read'],
  played: ['accepted', 'sent', 'delivered', 'read'],
};

const none = (): DeliveryCounts => ({ accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0 });

/**
 * How far messages have come that were sent from here. Counted when somebody asks, by indexes that
 * hold nothing else (`messages_delivery`, `bulk_rows_accepted`): decision 0033.
 */
export class Delivery {
  constructor(private readonly database: Database) {}

  /** By the day (UTC) on which they were accepted, or left as scheduled. */
  async days(scope: readonly Scope[], asked: DeliveryAsked): Promise<DeliveryDays> {
    const from = firstMoment(asked.days);
    const rows = isOfBulk(asked)
      ? [
          ...(await this.rowsByDay(scope, asked, from)),
          ...(await this.singlesByDay(scope, asked, from)),
        ]
      : await this.messagesByDay(scope, asked, from);
    const total = none();
    const days = Array.from({ length: asked.days }, (_, index) => ({
      day: new Date(from + index * DAY).toISOString().slice(0, 10),
      ...none(),
    }));
    for (const { number, state, count } of rows) {
      const day = days[Number(number)];
      // The clock of a message may be ahead of ours.
      if (day) add(day, { state, count });
      if (day) add(total, { state, count });
    }
    return { days, total };
  }

  /** By session, template or bulk send; the most messages first. */
  async groups(
    scope: readonly Scope[],
    by: DeliveryBy,
    asked: DeliveryAsked,
  ): Promise<DeliveryGroup[]> {
    const from = firstMoment(asked.days);
    const rows =
      by === 'session' && !isOfBulk(asked)
        ? await this.messagesBySession(scope, asked, from)
        : [
            ...(await this.rowsBy(scope, by, asked, from)),
            ...(await this.singlesBy(scope, by, asked, from)),
          ];
    const groups = new Map<string, DeliveryGroup>();
    for (const { id, name, state, count } of rows) {
      const group = groups.get(id) ?? { id, name, ...none() };
      groups.set(id, group);
      add(group, { state, count });
    }
    return [...groups.values()]
      .filter(({ accepted }) => accepted > 0)
      .sort((a, b) => b.accepted - a.accepted || a.id.localeCompare(b.id))
      .slice(0, MOST_GROUPS);
  }

  private async messagesByDay(scope: readonly Scope[], asked: DeliveryAsked, from: number) {
    return await this.messages(scope, asked, from)
      .select((e) => [
        dayNumber('m.at', from).as('number'),
        'm.status as state',
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy([dayNumber('m.at', from), 'm.status'])
      .execute();
  }

  private async messagesBySession(scope: readonly Scope[], asked: DeliveryAsked, from: number) {
    return await this.messages(scope, asked, from)
      .innerJoin('sessions as s', 's.id', 'm.session_id')
      .select((e) => [
        'm.session_id as id',
        'm.status as state',
        e.fn.max('s.display_name').as('name'),
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy(['m.session_id', 'm.status'])
      .execute();
  }

  private async rowsByDay(scope: readonly Scope[], asked: DeliveryAsked, from: number) {
    return await this.rows(scope, asked, from)
      .select((e) => [
        dayNumber('r.accepted_at', from).as('number'),
        'r.state',
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy([dayNumber('r.accepted_at', from), 'r.state'])
      .execute();
  }

  private async rowsBy(
    scope: readonly Scope[],
    by: DeliveryBy,
    asked: DeliveryAsked,
    from: number,
  ) {
    const [id, name] = (
      {
        session: ['b.session_id', 's.display_name'],
        template: ['b.template_id', 'b.template_name'],
        bulk: ['b.id', 'b.name'],
      } as const
    )[by];
    const rows = await this.rows(scope, asked, from)
      .innerJoin('sessions as s', 's.id', 'b.session_id')
      .where(id, 'is not', null)
      .select((e) => [
        `${id} as id`,
        'r.state',
        e.fn.max(name).as('name'),
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy([id, 'r.state'])
      .execute();
    return rows.map((row) => ({ ...row, id: row.id ?? '' }));
  }

  private async singlesByDay(scope: readonly Scope[], asked: DeliveryAsked, from: number) {
    if (asked.bulkId !== undefined) return [];
    return await this.singles(scope, asked, from)
      .select((e) => [
        dayNumber('t.accepted_at', from).as('number'),
        'm.status as state',
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy([dayNumber('t.accepted_at', from), 'm.status'])
      .execute();
  }

  private async singlesBy(
    scope: readonly Scope[],
    by: DeliveryBy,
    asked: DeliveryAsked,
    from: number,
  ) {
    if (by === 'bulk' || asked.bulkId !== undefined) return [];
    const [id, name] = (
      {
        session: ['t.session_id', 's.display_name'],
        template: ['t.template_id', 't.template_name'],
      } as const
    )[by];
    return await this.singles(scope, asked, from)
      .innerJoin('sessions as s', 's.id', 't.session_id')
      .select((e) => [
        `${id} as id`,
        'm.status as state',
        e.fn.max(name).as('name'),
        e.fn.countAll<number>().as('count'),
      ])
      .groupBy([id, 'm.status'])
      .execute();
  }

  /** Messages made of a template one by one, accepted since a moment. */
  private singles(scope: readonly Scope[], { sessionId, templateId }: DeliveryAsked, from: number) {
    return this.database.kysely
      .selectFrom('template_sends as t')
      .innerJoin('messages as m', (on) =>
        on.onRef('m.session_id', '=', 't.session_id').onRef('m.id', '=', 't.message_id'),
      )
      .where('t.session_id', 'in', this.sessions(scope, sessionId))
      .where('t.accepted_at', '>=', from)
      .$if(templateId !== undefined, (all) => all.where('t.template_id', '=', templateId ?? ''));
  }

  /** What was sent from here since a moment, as its index has it. */
  private messages(scope: readonly Scope[], { sessionId }: DeliveryAsked, from: number) {
    return (
      this.database.kysely
        .selectFrom('messages as m')
        .where('m.session_id', 'in', this.sessions(scope, sessionId))
        .where('m.at', '>=', from)
        // The plus keeps SQLite from an index that begins with `hidden` and has no states.
        .where(sql<boolean>`m.from_me = 1 and m.source = 'api' and +m.hidden = 0`)
    );
  }

  /** Rows of bulk sends whose message was accepted since a moment. */
  private rows(
    scope: readonly Scope[],
    { sessionId, templateId, bulkId }: DeliveryAsked,
    from: number,
  ) {
    return this.database.kysely
      .selectFrom('bulk_sends as b')
      .innerJoin('bulk_rows as r', 'r.bulk_id', 'b.id')
      .where('b.session_id', 'in', this.sessions(scope, sessionId))
      .where('r.accepted_at', '>=', from)
      .$if(templateId !== undefined, (all) => all.where('b.template_id', '=', templateId ?? ''))
      .$if(bulkId !== undefined, (all) => all.where('b.id', '=', bulkId ?? ''));
  }

  private sessions(scope: readonly Scope[], sessionId: string | undefined) {
    return this.database.kysely
      .selectFrom('sessions')
      .select('sessions.id')
      .$if(sessionId !== undefined, (all) => all.where('sessions.id', '=', sessionId ?? ''))
      .$if(!scope.some(({ ownerId }) => ownerId === undefined), (all) =>
        all.where((e) =>
          e.or(
            scope.map(({ ownerId, sessionId: only }) =>
              e.and([
                e('sessions.owner_id', '=', ownerId ?? ''),
                ...(only === undefined ? [] : [e('sessions.id', '=', only)]),
              ]),
            ),
          ),
        ),
      );
  }
}

function isOfBulk({ templateId, bulkId }: DeliveryAsked): boolean {
  return templateId !== undefined || bulkId !== undefined;
}

/** The beginning of the first of so many days up to today. */
function firstMoment(days: number): number {
  return Math.floor(Date.now() / DAY) * DAY - (days - 1) * DAY;
}

function dayNumber(column: 'm.at' | 'r.accepted_at' | 't.accepted_at', from: number) {
  return sql<number>`cast((${sql.ref(column)} - ${sql.lit(from)}) / ${sql.lit(DAY)} as integer)`;
}

function add(to: DeliveryCounts, { state, count }: Counted): void {
  for (const name of COUNTED[state] ?? []) to[name] += Number(count);
}

import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Schema } from '../db/schema.js';

export interface Depth {
  label: string;
  count: number;
  /** Since when its oldest entry is due (ms since the epoch). */
  oldest: number | null;
}

type Query = (database: Kysely<Schema>) => Promise<Depth[]>;

const sessions: Query = (database) =>
  database
    .selectFrom('sessions')
    .select((e) => [
      'status as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('status_since').as('oldest'),
    ])
    .groupBy('status')
    .execute();

const outbox: Query = (database) =>
  database
    .selectFrom('outbox')
    .select((e) => [
      'state as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('due_at').as('oldest'),
    ])
    .groupBy('state')
    .execute();

const jobs: Query = (database) =>
  database
    .selectFrom('jobs')
    .select((e) => [
      'name as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('due_at').as('oldest'),
    ])
    .groupBy('name')
    .execute();

const failedJobs: Query = (database) =>
  database
    .selectFrom('failed_jobs')
    .select((e) => [
      'name as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('failed_at').as('oldest'),
    ])
    .groupBy('name')
    .execute();

const deliveries: Query = (database) =>
  database
    .selectFrom('webhook_deliveries')
    .select((e) => [
      'state as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('created_at').as('oldest'),
    ])
    .groupBy('state')
    .execute();

/** What a team has to do, and since when somebody waits for it. */
const chats: Query = (database) =>
  database
    .selectFrom('chats')
    .select((e) => [
      'team_status as label',
      e.fn.countAll<number>().as('count'),
      e.fn.min('last_message_at').as('oldest'),
    ])
    .where('last_message_at', 'is not', null)
    .where('archived', '=', 0)
    .groupBy('team_status')
    .execute();

const TAKEN = sql<string>`case when assignee_id is null then 'no' else 'yes' end`;

const unreadChats: Query = (database) =>
  database
    .selectFrom('chats')
    .select((e) => [
      TAKEN.as('label'),
      e.fn.countAll<number>().as('count'),
      e.fn.min('last_message_at').as('oldest'),
    ])
    .where('last_message_at', 'is not', null)
    .where('archived', '=', 0)
    .where('unread_count', '>', 0)
    .groupBy(TAKEN)
    .execute();

/** How full each queue is, read from its table. */
export const depths = { sessions, outbox, jobs, failedJobs, deliveries, chats, unreadChats };

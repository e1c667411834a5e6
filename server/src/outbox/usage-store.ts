import type { PacingSettings } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import { type SendUsage, unusedOn } from './send-policy.js';

const SECOND = 1000;
/** Counts are kept for two days: every time zone's today is within. */
const KEPT_FOR = 2 * 24 * 60 * 60;

/** What sessions have sent, per second: pacing goes on where it was, whatever dies when. */
export class UsageStore {
  private readonly add = prepared<{ session: string; second: number; newChats: number }>((value) =>
    this.database.kysely
      .insertInto('sends_by_second')
      .values({
        session_id: value('session'),
        second: value('second'),
        sent: 1,
        new_chats: value('newChats'),
      })
      .onConflict((c) =>
        c.columns(['session_id', 'second']).doUpdateSet({
          sent: sql`sends_by_second.sent + 1`,
          new_chats: sql`sends_by_second.new_chats + excluded.new_chats`,
        }),
      ),
  );

  constructor(private readonly database: Database) {}

  /** What is used up of a session's limits at `now`. */
  async read(sessionId: string, { timeZone }: PacingSettings, now: number): Promise<SendUsage> {
    const usage = unusedOn(now, timeZone);
    const minuteAgo = Math.floor(now / SECOND) - 61;
    const { kysely } = this.database;
    const [today, recent] = await Promise.all([
      kysely
        .selectFrom('sends_by_second')
        .select((e) => [
          e.fn.coalesce(e.fn.sum<number>('sent'), e.lit(0)).as('sent'),
          e.fn.coalesce(e.fn.sum<number>('new_chats'), e.lit(0)).as('new_chats'),
        ])
        .where('session_id', '=', sessionId)
        .where('second', '>=', Math.floor(usage.day.start / SECOND))
        .executeTakeFirst(),
      kysely
        .selectFrom('sends_by_second')
        .select(['second', 'sent'])
        .where('session_id', '=', sessionId)
        .where('second', '>=', minuteAgo)
        .orderBy('second')
        .execute(),
    ]);
    usage.sent = Number(today?.sent ?? 0);
    usage.newChats = Number(today?.new_chats ?? 0);
    usage.recent = recent;
    return usage;
  }

  /** Step that counts a message handed over at `at`. */
  count(sessionId: string, at: number, startsChat: boolean): WriteStep {
    const second = Math.floor(at / SECOND);
    return { query: this.add({ session: sessionId, second, newChats: startsChat ? 1 : 0 }) };
  }

  /** Step that forgets counts that no limit asks for any more. */
  forgetOld(sessionId: string, now: number): WriteStep {
    const query = this.database.kysely
      .deleteFrom('sends_by_second')
      .where('session_id', '=', sessionId)
      .where('second', '<', Math.floor(now / SECOND) - KEPT_FOR);
    return { query };
  }
}

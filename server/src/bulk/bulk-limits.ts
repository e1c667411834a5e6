import { setImmediate } from 'node:timers/promises';
import type { BulkEstimate } from '@patchbay/contract';
import { IN_CONVERSATION } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import type { OutboxForecast } from '../outbox/outbox-forecast.js';
import { count, type SendUsage, unusedOn, whenAllowed } from '../outbox/send-policy.js';
import { pnJidOf } from '../whatsapp/jid.js';

/** Numbers that are looked up at once. */
const LOOKED_UP = 500;
/** Messages that are let go in one go, when it is foretold when they will. */
const AT_ONCE = 500;
/** Of a running send this much is foretold one by one. */
const FORESEEN = 500;
const DAY = 24 * 60 * 60 * 1000;
/** A send that would take longer is refused. */
const MOST_DAYS = 60;

interface Asked {
  /** Digits of the numbers that would be sent to. */
  phones: readonly string[];
  /** Milliseconds; absent: at once. */
  sendAt: number | undefined;
  spread: boolean;
}

/** What the limits of a session make of a bulk send. Times are milliseconds since the epoch. */
export class BulkLimits {
  constructor(
    private readonly database: Database,
    private readonly forecast: OutboxForecast,
  ) {}

  async estimate(sessionId: string, { phones, sendAt, spread }: Asked): Promise<BulkEstimate> {
    const now = Date.now();
    const from = Math.max(now, sendAt ?? now);
    const { pacing, usage } = await this.forecast.pacing(sessionId, now);
    const [known, before] = await Promise.all([
      this.inConversation(sessionId, phones),
      this.waiting(sessionId),
    ]);
    const isToday = from < usage.day.end;
    const [messages, newChats] = [phones.length, phones.length - known.size];
    const { perMinute, perDay, newChatsPerDay } = pacing;
    const left = leftOf(perDay, isToday ? usage.sent + before : 0);
    const leftNew = leftOf(newChatsPerDay, isToday ? usage.newChats : 0);
    const starts = [
      ...Array.from({ length: isToday ? before : 0 }, () => false),
      ...phones.map((phone) => !known.has(phone)),
    ];
    const { end, days } = await lastOf(starts, from, (at, startsChat) => {
      const { at: allowed } = whenAllowed(pacing, usage, at, startsChat);
      count(pacing, usage, allowed, startsChat, 0.5);
      return { at: allowed, day: usage.day.start };
    });
    const over = { messages, newChats, left, leftNew, days, perDay, newChatsPerDay };
    return {
      ...{ messages, newChats, perMinute, perDay, newChatsPerDay, days },
      beginsAt: new Date(from).toISOString(),
      endsAt: new Date(end).toISOString(),
      leftOnFirstDay: left,
      refusal: refusalOf(over, spread),
    };
  }

  /**
   * About when so many rows more will have left (ms), if nothing else is sent: whole days by the daily
   * limit, the rest by letting some of it go, for this is asked again and again.
   */
  async endOf(sessionId: string, rows: number, from: number): Promise<number> {
    const now = Date.now();
    const known = await this.forecast.pacing(sessionId, now);
    const { pacing } = known;
    let { usage } = known;
    let [begin, left] = [Math.max(now, from), rows];
    const today = leftOf(pacing.perDay, begin < usage.day.end ? usage.sent : 0) ?? rows;
    if (pacing.perDay !== null && rows > today) {
      const days = Math.ceil((rows - today) / pacing.perDay);
      left = rows - today - (days - 1) * pacing.perDay;
      begin = Math.max(begin, usage.day.end) + (days - 1) * DAY;
      usage = unusedOn(begin, pacing.timeZone);
    }
    const some = Math.min(left, FORESEEN);
    const starts = Array.from({ length: some }, () => false);
    const { end } = await lastOf(starts, begin, (at) => pace(pacing, usage, at));
    return Math.round(begin + (end - begin) * (left / some));
  }

  /** Of these numbers those with whom something was written. */
  private async inConversation(
    sessionId: string,
    phones: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (let from = 0; from < phones.length; from += LOOKED_UP) {
      const byJid = new Map(
        phones.slice(from, from + LOOKED_UP).map((phone) => [pnJidOf(phone), phone]),
      );
      const rows = await this.database.kysely
        .selectFrom('chat_aliases as a')
        .select('a.jid')
        .where('a.session_id', '=', sessionId)
        .where('a.jid', 'in', [...byJid.keys()])
        .where((e) =>
          e.exists(
            e
              .selectFrom('messages as m')
              .select('m.id')
              .whereRef('m.session_id', '=', 'a.session_id')
              .whereRef('m.chat_id', '=', 'a.chat_id')
              .where('m.status', 'in', IN_CONVERSATION),
          ),
        )
        .execute();
      for (const { jid } of rows) known.add(byJid.get(jid) as string);
    }
    return known;
  }

  /** What goes out before it: rows of other bulk sends, and what is in the outbox. */
  private async waiting(sessionId: string): Promise<number> {
    const { kysely } = this.database;
    const [rows, messages] = await Promise.all([
      kysely
        .selectFrom('bulk_rows as r')
        .innerJoin('bulk_sends as b', 'b.id', 'r.bulk_id')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('b.session_id', '=', sessionId)
        .where('b.state', 'in', ['running', 'scheduled'])
        .where('r.state', '=', 'pending')
        .executeTakeFirstOrThrow(),
      kysely
        .selectFrom('outbox')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('session_id', '=', sessionId)
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow(),
    ]);
    return Number(rows.count) + Number(messages.count);
  }
}

function pace(
  pacing: Parameters<typeof whenAllowed>[0],
  usage: SendUsage,
  at: number,
): { at: number; day: number } {
  const { at: allowed } = whenAllowed(pacing, usage, at, false);
  count(pacing, usage, allowed, false, 0.5);
  return { at: allowed, day: usage.day.start };
}

/** Lets one message after another go, each when it may. */
async function lastOf(
  starts: readonly boolean[],
  from: number,
  next: (at: number, startsChat: boolean) => { at: number; day: number },
): Promise<{ end: number; days: number }> {
  const days = new Set<number>();
  let end = from;
  for (const [place, startsChat] of starts.entries()) {
    // Thousands take a while, and others want their turn.
    if (place % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const { at, day } = next(end, startsChat);
    end = at;
    days.add(day);
  }
  return { end, days: days.size };
}

function leftOf(limit: number | null, used: number): number | null {
  return limit === null ? null : Math.max(0, limit - used);
}

interface Over {
  messages: number;
  newChats: number;
  left: number | null;
  leftNew: number | null;
  days: number;
  perDay: number | null;
  newChatsPerDay: number | null;
}

function refusalOf(over: Over, spread: boolean): string | null {
  const { messages, newChats, left, leftNew, days } = over;
  if (days > MOST_DAYS) return `This would take ${days} days; ${MOST_DAYS} at most`;
  if (spread) return null;
  const instead = `Let it spread over days (it would take ${days}), send fewer, or raise the limit`;
  if (left !== null && messages > left) {
    return `These are ${messages} messages, and the account may send ${left} on that day (limit ${over.perDay} a day). ${instead}`;
  }
  if (leftNew !== null && newChats > leftNew) {
    return `${newChats} of these persons were never written with, and the account may write to ${leftNew} such on that day (limit ${over.newChatsPerDay} a day). ${instead}`;
  }
  return null;
}

import type { ChatbotDay } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';

const DAY = 24 * 60 * 60 * 1000;

type Counter = 'answers' | 'failures' | 'tokens_in' | 'tokens_out';

/** What a chatbot did and spent, by day (UTC). */
export class ChatbotUsageStore {
  constructor(private readonly database: Database) {}

  /** Step: adds to the counts of a moment's day. */
  count(chatbotId: string, now: number, more: Partial<Record<Counter, number>>): WriteStep {
    const zero = { answers: 0, failures: 0, tokens_in: 0, tokens_out: 0 };
    const added = { ...zero, ...more };
    const query = this.database.kysely
      .insertInto('chatbot_usage')
      .values({ chatbot_id: chatbotId, day: dayOf(now), ...added })
      .onConflict((c) =>
        c.columns(['chatbot_id', 'day']).doUpdateSet((e) => ({
          answers: e('chatbot_usage.answers', '+', added.answers),
          failures: e('chatbot_usage.failures', '+', added.failures),
          tokens_in: e('chatbot_usage.tokens_in', '+', added.tokens_in),
          tokens_out: e('chatbot_usage.tokens_out', '+', added.tokens_out),
        })),
      );
    return { query };
  }

  async tokensOn(chatbotId: string, now: number): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('chatbot_usage')
      .select(['tokens_in', 'tokens_out'])
      .where('chatbot_id', '=', chatbotId)
      .where('day', '=', dayOf(now))
      .executeTakeFirst();
    return row ? row.tokens_in + row.tokens_out : 0;
  }

  /** So many days up to today, oldest first. */
  async days(chatbotId: string, now: number, count: number): Promise<ChatbotDay[]> {
    const from = Date.parse(dayOf(now)) - (count - 1) * DAY;
    const { kysely } = this.database;
    const spent = await kysely
      .selectFrom('chatbot_usage')
      .selectAll()
      .where('chatbot_id', '=', chatbotId)
      .where('day', '>=', dayOf(from))
      .execute();
    const number = sql<number>`cast((at - ${sql.lit(from)}) / ${sql.lit(DAY)} as integer)`;
    const said = await kysely
      .selectFrom('chatbot_messages')
      .select((e) => [
        number.as('number'),
        e.fn.countAll<number>().filterWhere('by', '=', 'contact').as('incoming'),
        e.fn.countAll<number>().filterWhere('by', '!=', 'contact').as('outgoing'),
      ])
      .where('chatbot_id', '=', chatbotId)
      .where('at', '>=', from)
      .groupBy(number)
      .execute();
    return Array.from({ length: count }, (_, index) => {
      const day = dayOf(from + index * DAY);
      const use = spent.find((row) => row.day === day);
      const talk = said.find((row) => Number(row.number) === index);
      return {
        day,
        messagesIn: Number(talk?.incoming ?? 0),
        messagesOut: Number(talk?.outgoing ?? 0),
        answers: use?.answers ?? 0,
        failures: use?.failures ?? 0,
        tokensIn: use?.tokens_in ?? 0,
        tokensOut: use?.tokens_out ?? 0,
      };
    });
  }
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

import type { PacingSettings } from '@patchbay/contract';
import { sql } from 'kysely';
import { IN_CONVERSATION } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import type { SessionSettingsStore } from '../sessions/session-settings.js';
import { isGroupJid } from '../whatsapp/jid.js';
import { forecast, type SendUsage, type Verdict } from './send-policy.js';
import type { UsageStore } from './usage-store.js';

/** A row of the outbox without what it says. */
export interface WaitingRow {
  message_id: string;
  state: 'queued' | 'sending' | 'written';
  attempts: number;
  due_at: number;
  send_at: number;
  number: number;
  expires_at: number | null;
}

function isLimited(pacing: PacingSettings): boolean {
  const { perMinute, perDay, newChatsPerDay, quietHours, jitterSeconds } = pacing;
  const limits = [perMinute, perDay, newChatsPerDay, quietHours];
  return jitterSeconds > 0 || limits.some((limit) => limit !== null);
}

/** Of a longer queue only this much is foretold. */
const FORESEEN = 10_000;

/** When what waits will be sent, by schedule and pacing. */
export class OutboxForecast {
  constructor(
    private readonly database: Database,
    private readonly settings: SessionSettingsStore,
    private readonly usage: UsageStore,
  ) {}

  /** A session's limits, and what of them is used up. */
  async pacing(
    sessionId: string,
    now: number,
  ): Promise<{ pacing: PacingSettings; usage: SendUsage }> {
    const { pacing } = await this.settings.read(sessionId);
    return { pacing, usage: await this.usage.read(sessionId, pacing, now) };
  }

  /** When a message that is about to be accepted will be sent (ms); undefined: at once. */
  async ofNew(sessionId: string, sendAt: number, now: number): Promise<number | undefined> {
    const settings = await this.settings.read(sessionId);
    if (!isLimited(settings.pacing)) return sendAt > now ? sendAt : undefined;
    const { pacing, usage } = await this.pacing(sessionId, now);
    const rows = await this.waiting(sessionId, { upTo: [sendAt, Number.MAX_SAFE_INTEGER] });
    const before = rows
      .filter((row) => row.state === 'queued')
      .map((row) => ({ readyAt: Math.max(row.send_at, row.due_at) }));
    const at = forecast(pacing, usage, [...before, { readyAt: sendAt }], now).at(-1)?.at ?? sendAt;
    return at > now ? at : undefined;
  }

  /** The verdict on each of the messages that waits and was not handed over. */
  async due(sessionId: string, messageIds: readonly string[]): Promise<Map<string, Verdict>> {
    const last = await this.lastOf(sessionId, messageIds);
    if (!last) return new Map();
    const now = Date.now();
    const { pacing, usage } = await this.pacing(sessionId, now);
    const rows = await this.waiting(sessionId, { upTo: [last.send_at, last.number] });
    const queued = rows.filter((row) => row.state === 'queued');
    const starting = await this.startingChats(sessionId, pacing);
    const verdicts = forecast(
      pacing,
      usage,
      queued.map((row) => ({
        readyAt: Math.max(row.send_at, row.due_at),
        startsChat: starting.has(row.message_id),
      })),
      now,
    );
    const asked = new Set(messageIds);
    return new Map(
      queued.flatMap((row, n) =>
        asked.has(row.message_id) ? [[row.message_id, verdicts[n] as Verdict]] : [],
      ),
    );
  }

  /** What waits, in the order of sending. */
  async waiting(
    sessionId: string,
    range: { after?: readonly number[] | undefined; upTo?: [number, number]; limit?: number },
  ): Promise<WaitingRow[]> {
    let query = this.rows(sessionId)
      .orderBy('send_at')
      .orderBy('number')
      .limit(range.limit ?? FORESEEN);
    if (range.after) {
      const [at, number] = range.after;
      query = query.where(sql<boolean>`(send_at, number) > (${at}, ${number})`);
    }
    if (range.upTo) {
      const [at, number] = range.upTo;
      query = query.where(sql<boolean>`(send_at, number) <= (${at}, ${number})`);
    }
    return await query.execute();
  }

  /** Of the waiting messages the first of each chat with a person that nothing was said in yet. */
  private async startingChats(sessionId: string, pacing: PacingSettings): Promise<Set<string>> {
    if (pacing.newChatsPerDay === null) return new Set();
    const rows = await this.database.kysely
      .selectFrom('outbox as o')
      .innerJoin('messages as m', (join) =>
        join.onRef('m.session_id', '=', 'o.session_id').onRef('m.id', '=', 'o.message_id'),
      )
      .select(['o.message_id', 'm.chat_id'])
      .where('o.session_id', '=', sessionId)
      .where('o.state', '=', 'queued')
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('messages as c')
              .select('c.id')
              .whereRef('c.session_id', '=', 'm.session_id')
              .whereRef('c.chat_id', '=', 'm.chat_id')
              .where('c.status', 'in', IN_CONVERSATION),
          ),
        ),
      )
      .orderBy('o.send_at')
      .orderBy('o.number')
      .limit(FORESEEN)
      .execute();
    const first = new Map<string, string>();
    for (const row of rows) {
      if (!isGroupJid(row.chat_id) && !first.has(row.chat_id))
        first.set(row.chat_id, row.message_id);
    }
    return new Set(first.values());
  }

  private async lastOf(sessionId: string, ids: readonly string[]) {
    if (ids.length === 0) return undefined;
    return await this.rows(sessionId)
      .where('message_id', 'in', ids)
      .orderBy('send_at', 'desc')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  private rows(sessionId: string) {
    return this.database.kysely
      .selectFrom('outbox')
      .select(['message_id', 'state', 'attempts', 'due_at', 'send_at', 'number', 'expires_at'])
      .where('session_id', '=', sessionId);
  }
}

import type { Database } from '../db/database.js';
import type { WriteResult, WriteStep } from '../db/write-unit.js';
import { WriteStale } from '../db/write-unit.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { fence, owned } from '../sessions/fence.js';
import { isLidJid, isPnJid, phoneOf } from '../whatsapp/jid.js';
import { BoundedMap } from './bounded-map.js';
import { mergeChats } from './merge-chats.js';
import { oneOfEach, type Pair, pairOf } from './same-person.js';

/** A chat as an event names it: by one jid, and by another one where both are known. */
export interface ChatAddress {
  jid: string;
  altJid?: string | undefined;
}

export interface ResolvedChat {
  id: string;
  /** All jids by which the chat was asked for. */
  jids: string[];
  /** Those that do not lead to the chat yet. */
  newAliases: string[];
  exists: boolean;
}

/** Steps by which another table follows when a chat is merged into another. */
export type FollowMerge = (
  sessionId: string,
  from: string,
  into: string,
) => WriteStep[] | Promise<WriteStep[]>;

/** Remembered for all sessions together; some 100 bytes each. */
const REMEMBERED = 20_000;
/** A phone tells of all its contacts at once; so many share a unit. */
const LEARNT_AT_ONCE = 200;
/** A unit that was made from what has changed is made again; more often than this is a fault. */
const ATTEMPTS = 10;

/**
 * Which chat a jid leads to. A person has two names, PN and LID, and one chat: when it turns out that
 * two chats are with one person, they are merged.
 */
export class ChatAddresses {
  private readonly chatOf = new BoundedMap<string>(REMEMBERED);
  private readonly pnOf = new BoundedMap<string>(REMEMBERED);
  private readonly followers: FollowMerge[] = [];

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {
    log.wakeup.onChanged('chats', () => this.forgetKnown());
  }

  /** What is remembered is looked up again: another process may have changed it. */
  forgetKnown(): void {
    this.chatOf.clear();
    this.pnOf.clear();
  }

  /** Adds a table that names chats and so follows each merge, in the same unit. */
  onMerge(follow: FollowMerge): void {
    this.followers.push(follow);
  }

  /** Which chat an address leads to; a new chat is named by its phone-number jid where known. */
  async resolve(session: EventSource, { jid, altJid }: ChatAddress): Promise<ResolvedChat> {
    const pair = pairOf(jid, altJid);
    if (pair) await this.learn(session, pair);
    const jids = pair ? [jid, altJid as string] : [jid];
    const remembered = this.chatOf.get(place(session.id, jid));
    if (remembered && jids.every((one) => this.chatOf.get(place(session.id, one)) === remembered)) {
      return { id: remembered, jids, newAliases: [], exists: true };
    }
    return await this.lookUp(session, jids);
  }

  /**
   * Writes a unit that belongs to a chat. The steps must contain one of `ChatStore.countMessage` or
   * `ChatStore.stillLeads`: when the chat was merged away meanwhile, they are made again for the other.
   */
  async write(
    session: EventSource,
    address: ChatAddress,
    stepsFor: (chat: ResolvedChat) => WriteStep[] | Promise<WriteStep[]>,
  ): Promise<WriteResult & { chatId: string }> {
    return await this.again(async () => {
      const chat = await this.resolve(session, address);
      const steps = await stepsFor(chat);
      try {
        const result = await this.database.write(steps);
        if (result.applied) this.remember(session.id, chat.jids, chat.id);
        return { ...result, chatId: chat.id };
      } catch (error) {
        for (const jid of chat.jids) this.chatOf.delete(place(session.id, jid));
        throw error;
      }
    });
  }

  /** Takes note that two jids are one person, and merges what was kept under both names. */
  async learn(session: EventSource, pair: Pair): Promise<void> {
    if (this.isKnown(session.id, pair)) return;
    await this.again(async () => {
      const { merged, moved, steps } = await this.unite(session, pair);
      if (steps.length > 0 || (await this.pnIn(session.id, pair.lid)) !== pair.pn) {
        await this.database.write([...this.noted(session, [pair]), ...steps]);
        if (merged || moved) this.log.wakeup.hint('changed:chats');
        if (merged) this.log.wakeup.hint('events');
      }
    });
    this.rememberPair(session.id, pair);
  }

  /** The same of many: those without a chat under either name, who are most, share units. */
  async learnAll(session: EventSource, pairs: readonly Pair[]): Promise<void> {
    // Told twice of one LID, the last is meant.
    const byLid = new Map(pairs.map((pair) => [pair.lid, pair]));
    const news = [...byLid.values()].filter((pair) => !this.isKnown(session.id, pair));
    for (let at = 0; at < news.length; at += LEARNT_AT_ONCE) {
      const some = news.slice(at, at + LEARNT_AT_ONCE);
      const jids = some.flatMap(({ lid, pn }) => [lid, pn]);
      const met = new Set((await this.aliases(session.id, jids)).map(({ jid }) => jid));
      // By phone number: whoever has had two accounts is learnt one by one.
      const strangers = new Map<string, Pair>();
      for (const pair of some) {
        if (!met.has(pair.lid) && !met.has(pair.pn)) strangers.set(pair.pn, pair);
      }
      const together = [...strangers.values()];
      if (together.length > 0) await this.database.write(this.noted(session, together));
      for (const pair of together) this.rememberPair(session.id, pair);
      for (const pair of some) await this.learn(session, pair);
    }
  }

  /** Steps: that these are the names of people each. */
  private noted(session: EventSource, pairs: readonly Pair[]): WriteStep[] {
    const { kysely } = this.database;
    const query = kysely
      .insertInto('lid_mappings')
      .values(pairs.map(({ lid, pn }) => ({ session_id: session.id, lid, pn })))
      .onConflict((c) =>
        c
          .columns(['session_id', 'lid'])
          .doUpdateSet((e) => ({ pn: e.ref('excluded.pn') }))
          .whereRef('lid_mappings.pn', '!=', 'excluded.pn'),
      );
    return [...owned(kysely, session), { query }, ...oneOfEach(this.database, session.id, pairs)];
  }

  private isKnown(sessionId: string, { lid, pn }: Pair): boolean {
    return this.pnOf.get(place(sessionId, lid)) === pn;
  }

  private rememberPair(sessionId: string, { lid, pn }: Pair): void {
    for (const jid of [lid, pn]) this.chatOf.delete(place(sessionId, jid));
    this.pnOf.set(place(sessionId, lid), pn);
  }

  private async lookUp(session: EventSource, asked: string[]): Promise<ResolvedChat> {
    const [jid = ''] = asked;
    const other = asked.length === 1 ? await this.otherName(session.id, jid) : undefined;
    const jids = other ? [jid, other] : asked;
    const rows = await this.aliases(session.id, jids);
    const known = rows.find((row) => row.jid === jid) ?? rows[0];
    if (rows.some((row) => row.chat_id !== known?.chat_id)) {
      const pair = pairOf(jid, jids[1]);
      if (pair) {
        // Created under both names at the same moment as the mapping was learnt.
        await this.again(async () => {
          const { steps } = await this.unite(session, pair);
          if (steps.length > 0) {
            await this.database.write([...owned(this.database.kysely, session), ...steps]);
          }
        });
        return await this.lookUp(session, asked);
      }
    }
    if (known) {
      this.remember(
        session.id,
        rows.map((row) => row.jid),
        known.chat_id,
      );
    }
    return {
      id: known?.chat_id ?? jids.find((candidate) => phoneOf(candidate)) ?? jid,
      jids,
      newAliases: jids.filter((candidate) => !rows.some((row) => row.jid === candidate)),
      exists: known !== undefined,
    };
  }

  /** Steps after which both names lead to one chat; none when they do, or to no chat at all. */
  private async unite(
    session: EventSource,
    { lid, pn }: Pair,
  ): Promise<{ merged: boolean; moved?: boolean; steps: WriteStep[] }> {
    const rows = await this.aliases(session.id, [lid, pn]);
    const chatOf = (jid: string) => rows.find((row) => row.jid === jid)?.chat_id;
    const [from, into] = [chatOf(lid), chatOf(pn)];
    if (from === into) return { merged: false, steps: [] };
    const { kysely } = this.database;
    if (!from || !into) {
      const row = { session_id: session.id, jid: from ? pn : lid, chat_id: from ?? into ?? '' };
      const query = kysely
        .insertInto('chat_aliases')
        .values(row)
        .onConflict((c) => c.columns(['session_id', 'jid']).doNothing());
      return { merged: false, steps: [{ query, whenUnchanged: 'again' }] };
    }
    const others = await this.aliasesOf(session.id, from);
    if (others.some((jid) => isPnJid(jid) && jid !== pn)) {
      // The account moved to another number: its old chat stays what it was, new messages go to the new.
      const query = kysely
        .updateTable('chat_aliases')
        .set({ chat_id: into })
        .where('session_id', '=', session.id)
        .where('jid', '=', lid);
      return { merged: false, moved: true, steps: [{ query }] };
    }
    const following = await Promise.all(
      this.followers.map((follow) => follow(session.id, from, into)),
    );
    const steps = [
      ...mergeChats(this.database, session.id, { from, into }),
      ...following.flat(),
      fence(kysely, session),
      this.log.append(session, 'chat.merged', { from, into }, Date.now()),
    ];
    return { merged: true, steps };
  }

  /** The other name of a person, LID or phone number, where it is known. */
  async otherName(sessionId: string, jid: string): Promise<string | undefined> {
    if (isLidJid(jid)) return this.pnOf.get(place(sessionId, jid)) ?? this.pnIn(sessionId, jid);
    if (!isPnJid(jid)) return undefined;
    const row = await this.database.kysely
      .selectFrom('lid_mappings')
      .select('lid')
      .where('session_id', '=', sessionId)
      .where('pn', '=', jid)
      .executeTakeFirst();
    return row?.lid;
  }

  private async pnIn(sessionId: string, lid: string): Promise<string | undefined> {
    const row = await this.database.kysely
      .selectFrom('lid_mappings')
      .select('pn')
      .where('session_id', '=', sessionId)
      .where('lid', '=', lid)
      .executeTakeFirst();
    return row?.pn;
  }

  private async aliases(sessionId: string, jids: string[]) {
    return await this.database.kysely
      .selectFrom('chat_aliases')
      .select(['jid', 'chat_id'])
      .where('session_id', '=', sessionId)
      .where('jid', 'in', jids)
      .execute();
  }

  private async aliasesOf(sessionId: string, chatId: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('chat_aliases')
      .select('jid')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .execute();
    return rows.map((row) => row.jid);
  }

  private remember(sessionId: string, jids: string[], chatId: string): void {
    for (const jid of jids) this.chatOf.set(place(sessionId, jid), chatId);
  }

  private async again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof WriteStale) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}

function place(sessionId: string, jid: string): string {
  return `${sessionId}\n${jid}`;
}

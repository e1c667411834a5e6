import { randomUUID } from 'node:crypto';
import type { CannedReply, ChangeCannedReply, NewCannedReply } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import { ApiError } from '../../http/api-error.js';
import type { Author } from './author.js';

type Row = Selectable<Schema['canned_replies']>;

/** Of each author. */
const MOST = 500;
/** Of all authors together, as far as one user gets to see them. */
const MOST_SHOWN = 2000;

/** Texts that agents answer with again and again: their own, and those that are shared. */
export class CannedReplies {
  constructor(
    private readonly database: Database,
    private readonly passing: PassingEvents,
  ) {}

  /** The user's own and the shared ones, by shortcut; of one shortcut the own first. */
  async list(userId: string): Promise<CannedReply[]> {
    const rows = await this.database.kysely
      .selectFrom('canned_replies')
      .selectAll()
      .where((e) => e.or([e('author_id', '=', userId), e('shared', '=', 1)]))
      .orderBy('shortcut')
      .orderBy((e) => e.case().when('author_id', '=', userId).then(0).else(1).end())
      .orderBy('id')
      .limit(MOST_SHOWN)
      .execute();
    return rows.map(toReply);
  }

  /** @throws ApiError `name_taken`, `too_many` */
  async create(
    { userId }: Author,
    { shortcut, text, shared }: NewCannedReply,
  ): Promise<CannedReply> {
    const { kysely } = this.database;
    const { count } = await kysely
      .selectFrom('canned_replies')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('author_id', '=', userId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST) throw new ApiError('too_many', `You have ${MOST} replies already`);
    const row = { id: randomUUID(), author_id: userId, shortcut, text, shared: shared ? 1 : 0 };
    const query = kysely
      .insertInto('canned_replies')
      .values(row)
      .onConflict((c) => c.doNothing());
    const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }]);
    if (!applied) throw taken(shortcut);
    this.tell();
    return toReply(row);
  }

  /** @throws ApiError `canned_reply_not_found`, `forbidden`, `name_taken` */
  async change(id: string, author: Author, change: ChangeCannedReply): Promise<CannedReply> {
    const row = await this.changeable(id, author);
    const { shortcut = row.shortcut, text = row.text, shared } = change;
    const next = { ...row, shortcut, text, shared: Number(shared ?? row.shared) };
    const query = this.database.kysely
      .updateTable('canned_replies')
      .set({ shortcut, text, shared: next.shared })
      .where('id', '=', id)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('canned_replies as other')
              .select('other.id')
              .where('other.author_id', '=', row.author_id)
              .where('other.shortcut', '=', shortcut)
              .where('other.id', '!=', id),
          ),
        ),
      );
    const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }]);
    if (!applied) throw taken(shortcut);
    this.tell();
    return toReply(next);
  }

  /** @throws ApiError `canned_reply_not_found`, `forbidden` */
  async delete(id: string, author: Author): Promise<void> {
    await this.changeable(id, author);
    const query = this.database.kysely.deleteFrom('canned_replies').where('id', '=', id);
    await this.database.write([{ query }]);
    this.tell();
  }

  /** Everybody asks again; what they may see is for the answer to say. */
  private tell(): void {
    this.passing.tell(null, 'team.updated', { what: 'canned-replies' });
  }

  /** A reply of somebody else that is not shared is as if it were not there. */
  private async changeable(id: string, { userId, isAdmin }: Author): Promise<Row> {
    const row = await this.database.kysely
      .selectFrom('canned_replies')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row || (row.author_id !== userId && !row.shared)) {
      throw new ApiError('canned_reply_not_found', `There is no canned reply ${id}`);
    }
    if (row.author_id !== userId && !isAdmin) {
      throw new ApiError('forbidden', 'Only its author or an admin may change a shared reply');
    }
    return row;
  }
}

function toReply(row: Row): CannedReply {
  return {
    id: row.id,
    shortcut: row.shortcut,
    text: row.text,
    shared: row.shared === 1,
    authorId: row.author_id,
  };
}

const taken = (shortcut: string) =>
  new ApiError('name_taken', `There is a reply "/${shortcut}" of this author already`);

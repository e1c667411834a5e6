import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

export type MediaRecord = Selectable<Schema['media']>;

type Key = Pick<MediaRecord, 'session_id' | 'message_id'>;

/** Why a file could not be had. */
export type MediaFailure = 'gone' | 'damaged' | 'too_large' | 'unreachable' | 'unsupported';

/** The table of which message has which file, and the one of all contents. */
export class MediaRecords {
  constructor(private readonly database: Database) {}

  async find(sessionId: string, messageId: string): Promise<MediaRecord | undefined> {
    return await this.database.kysely
      .selectFrom('media')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('message_id', '=', messageId)
      .executeTakeFirst();
  }

  /** Step: a message with a file is there; what is known of it already stays. */
  note(
    sessionId: string,
    messageId: string,
    { state, hash, thumbnail }: Partial<Pick<MediaRecord, 'state' | 'hash' | 'thumbnail'>>,
  ): WriteStep {
    return {
      query: this.database.kysely
        .insertInto('media')
        .values({
          session_id: sessionId,
          message_id: messageId,
          state: state ?? 'absent',
          reason: null,
          hash: hash ?? null,
          thumbnail: thumbnail ?? null,
          created_at: Date.now(),
        })
        .onConflict((c) => c.columns(['session_id', 'message_id']).doNothing()),
    };
  }

  /** Step: the file of a message is here, or on its way, or cannot be had. */
  become(
    sessionId: string,
    messageId: string,
    set: Pick<MediaRecord, 'state'> & { hash?: string; reason?: MediaFailure | null },
  ): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('media')
        .set({ hash: null, reason: null, ...set })
        .where('session_id', '=', sessionId)
        .where('message_id', '=', messageId),
    };
  }

  /** Step: a content is about to be put in the store, and shall not be swept away meanwhile. */
  keep(hash: string, size: number, now: number): WriteStep {
    return {
      query: this.database.kysely
        .insertInto('media_contents')
        .values({ hash, size, kept_at: now })
        .onConflict((c) => c.column('hash').doUpdateSet({ kept_at: now })),
    };
  }

  /** Step: all of a deleted session. */
  forget(sessionId: string): WriteStep {
    return {
      query: this.database.kysely.deleteFrom('media').where('session_id', '=', sessionId),
    };
  }

  /** Files of messages that are no longer there, or whose content was taken back. */
  async orphans(limit: number): Promise<Key[]> {
    return await this.database.kysely
      .selectFrom('media')
      .select(['session_id', 'message_id'])
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('messages')
              .select(sql`1`.as('one'))
              .whereRef('messages.session_id', '=', 'media.session_id')
              .whereRef('messages.id', '=', 'media.message_id')
              .where('messages.type', '!=', 'revoked'),
          ),
        ),
      )
      .limit(limit)
      .execute();
  }

  /** Step: what is known of a message's file is forgotten. */
  remove({ session_id, message_id }: Key): WriteStep {
    return {
      query: this.database.kysely
        .deleteFrom('media')
        .where('session_id', '=', session_id)
        .where('message_id', '=', message_id),
    };
  }

  /** Messages that were noted before a moment and whose file is here. */
  async storedBefore(moment: number, limit: number): Promise<Key[]> {
    return await this.database.kysely
      .selectFrom('media')
      .select(['session_id', 'message_id'])
      .where('state', '=', 'stored')
      .where('created_at', '<', moment)
      .limit(limit)
      .execute();
  }

  /** Contents that nobody refers to and that were put in the store before a moment. */
  async unreferenced(before: number, limit: number): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('media_contents')
      .select('hash')
      .where('kept_at', '<', before)
      .where((e) => e.not(e.or(this.references().map((one) => e.exists(one)))))
      .limit(limit)
      .execute();
    return rows.map((row) => row.hash);
  }

  /** Step: a content is no longer known, if still nobody refers to it; else nothing changes. */
  drop(hash: string, before: number): WriteStep {
    return {
      query: this.database.kysely
        .deleteFrom('media_contents')
        .where('hash', '=', hash)
        .where('kept_at', '<', before)
        .where((e) => e.not(e.or(this.references().map((one) => e.exists(one))))),
      whenUnchanged: 'stop',
    };
  }

  /** Of messages, of templates, and of what is being sent by them. */
  private references() {
    const { kysely } = this.database;
    const hash = sql.ref<string>('media_contents.hash');
    const one = sql`1`.as('one');
    return [
      kysely.selectFrom('media').select(one).whereRef('media.hash', '=', hash),
      kysely.selectFrom('templates').select(one).whereRef('templates.media_hash', '=', hash),
      kysely
        .selectFrom('bulk_sends')
        .select(one)
        .whereRef('bulk_sends.media_hash', '=', hash)
        .where('finished_at', 'is', null),
    ];
  }
}

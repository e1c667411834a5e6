import type { ReindexState } from '@patchbay/contract';
import type { Clock } from '../../clock.js';
import { crashPoint } from '../../crash-point.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { JobHandler } from '../../jobs/job.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { documentOf } from './index-message.js';
import { reindexJob } from './reindex-job.js';
import type { KnowledgeIndex, MessageKey } from './search/knowledge-index.js';

/** Messages of one portion: so many are written in one transaction with how far it has come. */
const PORTION = 50;
const PROGRESS = 'knowledge_reindex';

interface Progress {
  running: boolean;
  done: number;
  total: number;
  /** The last message that was indexed. */
  after: MessageKey | null;
  startedAt: number;
  finishedAt: number | null;
}

/**
 * Makes the search index anew, a portion at a time. How far it has come is written with each portion,
 * so that it can be stopped, and goes on after a death of the process where it was.
 */
export class Reindexing {
  constructor(
    private readonly database: Database,
    private readonly index: KnowledgeIndex,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async state(): Promise<ReindexState> {
    const progress = await this.progress();
    const time = (at: number | null | undefined) => (at ? new Date(at).toISOString() : null);
    return {
      running: progress?.running ?? false,
      done: progress?.done ?? 0,
      total: progress?.total ?? 0,
      startedAt: time(progress?.startedAt),
      finishedAt: time(progress?.finishedAt),
    };
  }

  /** Begins, or goes on where it was stopped; one that runs already goes on. */
  async start(note: WriteStep): Promise<void> {
    const before = await this.progress();
    const goesOn = before && before.finishedAt === null;
    const progress: Progress = goesOn
      ? { ...before, running: true }
      : {
          running: true,
          done: 0,
          total: await this.count(),
          after: null,
          startedAt: this.clock.now(),
          finishedAt: null,
        };
    await this.database.write([this.write(progress), this.next(), note]);
    this.queue.wake(reindexJob);
  }

  /** What was done stays done; `start` goes on from there. */
  async stop(): Promise<void> {
    const progress = await this.progress();
    if (progress?.running) await this.database.write([this.write({ ...progress, running: false })]);
  }

  get handler(): JobHandler<Record<string, never>> {
    return {
      run: async (_payload, { signal }) => {
        const progress = await this.progress();
        if (!progress?.running) return {};
        const keys = await this.keysAfter(progress.after);
        const steps: WriteStep[] = [];
        for (const key of keys) {
          signal.throwIfAborted();
          const document = await documentOf(this.database, key);
          steps.push(...(document ? await this.index.put(document) : await this.index.remove(key)));
        }
        crashPoint('before-index-noted');
        const isLast = keys.length < PORTION;
        const done = {
          ...progress,
          done: progress.done + keys.length,
          after: keys.at(-1) ?? progress.after,
          ...(isLast && { running: false, finishedAt: this.clock.now() }),
        };
        return {
          // Somebody may have stopped it meanwhile: then this portion is made once more, later.
          steps: [...steps, this.replace(progress, done), ...(isLast ? [] : [this.next()])],
          committed: () => this.queue.wake(reindexJob),
        };
      },
    };
  }

  private next(): WriteStep {
    return this.queue.add(reindexJob, {}, { unique: reindexJob.name });
  }

  private async progress(): Promise<Progress | undefined> {
    const row = await this.database.kysely
      .selectFrom('settings')
      .select('value')
      .where('key', '=', PROGRESS)
      .executeTakeFirst();
    return row && (JSON.parse(row.value) as Progress);
  }

  private write(progress: Progress): WriteStep {
    const value = JSON.stringify(progress);
    const insert = this.database.kysely.insertInto('settings').values({ key: PROGRESS, value });
    return { query: insert.onConflict((c) => c.column('key').doUpdateSet({ value })) };
  }

  private replace(before: Progress, after: Progress): WriteStep {
    const query = this.database.kysely
      .updateTable('settings')
      .set({ value: JSON.stringify(after) })
      .where('key', '=', PROGRESS)
      .where('value', '=', JSON.stringify(before));
    return { query, whenUnchanged: 'stop' };
  }

  private async count(): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('knowledge_messages')
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  }

  private async keysAfter(after: MessageKey | null): Promise<MessageKey[]> {
    let query = this.database.kysely
      .selectFrom('knowledge_messages')
      .select(['owner_id', 'group_jid', 'message_id'])
      .orderBy('owner_id')
      .orderBy('group_jid')
      .orderBy('message_id')
      .limit(PORTION);
    if (after) {
      const { ownerId, groupId, messageId } = after;
      query = query.where((e) =>
        e(
          e.refTuple('owner_id', 'group_jid', 'message_id'),
          '>',
          e.tuple(ownerId, groupId, messageId),
        ),
      );
    }
    return (await query.execute()).map((row) => ({
      ownerId: row.owner_id,
      groupId: row.group_jid,
      messageId: row.message_id,
    }));
  }
}

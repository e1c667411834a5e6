import { createHash } from 'node:crypto';
import { type Index, Meilisearch } from 'meilisearch';
import type { Logger } from 'pino';
import type { Database } from '../../../db/database.js';
import type { WriteStep } from '../../../db/write-unit.js';
import { ApiError } from '../../../http/api-error.js';
import { encodeCursor } from '../../../http/cursor.js';
import type {
  Found,
  KnowledgeDocument,
  KnowledgeIndex,
  KnowledgeQuery,
  MessageKey,
} from './knowledge-index.js';
import { tagKey } from './wanted.js';

const INDEX = 'patchbay-knowledge';
/** Milliseconds. */
const ANSWER_WITHIN = 3000;
const DONE_WITHIN = 20_000;
/** Results that can be paged through. */
const MOST_HITS = 10_000;
const MARK = 'meili';

const SETTINGS = {
  searchableAttributes: ['text', 'tags'],
  filterableAttributes: ['ownerId', 'groupId', 'tags', 'senderJid', 'sessionIds', 'at'],
  sortableAttributes: ['at'],
  pagination: { maxTotalHits: MOST_HITS },
};

/**
 * The search in Meilisearch. The database's own index is kept beside it and answers while Meilisearch
 * is away; what could not be handed over is tried again by the job that wanted to.
 */
export class MeiliIndex implements KnowledgeIndex {
  private readonly index: Index<KnowledgeDocument & { id: string }>;
  private readonly client: Meilisearch;
  private prepared: Promise<void> | undefined;
  private away = false;

  constructor(
    { url, key }: { url: string; key: string | undefined },
    private readonly database: Database,
    private readonly own: KnowledgeIndex,
    private readonly logger: Logger,
  ) {
    const access = key === undefined ? {} : { apiKey: key };
    this.client = new Meilisearch({ host: url, timeout: ANSWER_WITHIN, ...access });
    this.index = this.client.index(INDEX);
  }

  /** Says at start whether Meilisearch is there; nothing waits for it. */
  look(): void {
    this.prepare().catch((error: unknown) => this.isAway(error));
  }

  async put(document: KnowledgeDocument): Promise<WriteStep[]> {
    await this.database.write(await this.own.put(document));
    await this.prepare();
    const tags = document.tags.map(tagKey);
    const adding = this.index.addDocuments([{ ...document, tags, id: idOf(document) }]);
    await this.done(adding);
    return [];
  }

  async remove(key: MessageKey): Promise<WriteStep[]> {
    await this.database.write(await this.own.remove(key));
    await this.prepare();
    await this.done(this.index.deleteDocument(idOf(key)));
    return [];
  }

  async search(query: KnowledgeQuery): Promise<Found> {
    const offset = offsetOf(query.after);
    // A list that the database began goes on there.
    if (offset === undefined) return { ...(await this.own.search(query)), degraded: true };
    if (query.scope.length === 0) return { keys: [], after: null };
    try {
      const { hits } = await this.index.search(query.q, {
        offset,
        limit: query.limit + 1,
        filter: filterOf(query),
        attributesToRetrieve: ['ownerId', 'groupId', 'messageId'],
        ...(query.q.trim() === '' && { sort: ['at:desc'] }),
      });
      this.away = false;
      const keys = hits.slice(0, query.limit).map(({ ownerId, groupId, messageId }) => ({
        ownerId,
        groupId,
        messageId,
      }));
      const next = offset + query.limit;
      return { keys, after: hits.length > query.limit ? encodeCursor(MARK, next) : null };
    } catch (error) {
      this.isAway(error);
      if (offset > 0) throw new ApiError('search_unavailable');
      return { ...(await this.own.search(query)), degraded: true };
    }
  }

  /** Makes the index what it has to be, once; again when that failed. */
  private prepare(): Promise<void> {
    this.prepared ??= this.done(this.client.createIndex(INDEX, { primaryKey: 'id' }), true)
      .then(() => this.done(this.index.updateSettings(SETTINGS)))
      .catch((error: unknown) => {
        this.prepared = undefined;
        throw error;
      });
    return this.prepared;
  }

  private async done(task: ReturnType<Index['updateSettings']>, mayExist = false): Promise<void> {
    const { status, error } = await task.waitTask({ timeout: DONE_WITHIN });
    const exists = mayExist && error?.code === 'index_already_exists';
    if (status === 'succeeded' || exists) return;
    throw new Error(`Meilisearch: ${error?.message ?? status}`);
  }

  private isAway(error: unknown): void {
    if (!this.away) this.logger.warn({ err: error }, 'Meilisearch is away: the database searches');
    this.away = true;
  }
}

/** As Meilisearch takes ids: letters and digits. */
function idOf({ ownerId, groupId, messageId }: MessageKey): string {
  const name = JSON.stringify([ownerId, groupId, messageId]);
  return createHash('sha256').update(name).digest('hex').slice(0, 40);
}

/** Inner lists are alternatives. */
function filterOf({
  scope,
  groupId,
  tag,
  senders,
  from,
  to,
}: KnowledgeQuery): (string | string[])[] {
  const isNarrow = scope.every(({ ownerId }) => ownerId !== undefined);
  const reach = scope.map(({ ownerId, sessionId }) =>
    sessionId === undefined ? equals('ownerId', ownerId ?? '') : equals('sessionIds', sessionId),
  );
  return [
    ...(isNarrow ? [reach] : []),
    ...(groupId === undefined ? [] : [equals('groupId', groupId)]),
    ...(tag === undefined ? [] : [equals('tags', tag)]),
    ...(senders === undefined ? [] : [senders.map((jid) => equals('senderJid', jid))]),
    ...(from === undefined ? [] : [`at >= ${from}`]),
    ...(to === undefined ? [] : [`at < ${to}`]),
  ];
}

function equals(field: string, value: string): string {
  return `${field} = "${value.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;
}

/** The place in a list of Meilisearch's; undefined: the list is not one of its. */
function offsetOf(after: string | undefined): number | undefined {
  if (after === undefined) return 0;
  try {
    const [mark, offset] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    return mark === MARK && Number.isSafeInteger(offset)
      ? Math.max(0, offset as number)
      : undefined;
  } catch {
    return undefined;
  }
}

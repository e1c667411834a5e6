import type { Logger } from 'pino';
import type { SendableContent } from '../../chats/sendable-content.js';
import type { Clock } from '../../clock.js';
import type { Duties } from '../../cluster/duties.js';
import type { Database } from '../../db/database.js';
import { EventConsumer } from '../../event-log/consumer.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { MediaInbox } from '../../media/media-inbox.js';
import type { MediaRecords } from '../../media/media-records.js';
import type { Outbox } from '../../outbox/outbox.js';
import { AccountGroups } from './account-groups.js';
import { KnowledgeAdmins } from './admins.js';
import { forget } from './forget.js';
import { forgetJob } from './forget-job.js';
import { forward } from './forward.js';
import { forwardJob } from './forward-job.js';
import { ForwardPages } from './forward-pages.js';
import { ForwardStore } from './forward-store.js';
import { indexJob } from './index-job.js';
import { indexMessage } from './index-message.js';
import { ingest } from './ingest.js';
import { ingestJob } from './ingest-job.js';
import { knowledgeReader } from './knowledge-reader.js';
import { Reindexing } from './reindex.js';
import { reindexJob } from './reindex-job.js';
import { RouteStore } from './route-store.js';
import { RoutesAsked } from './routes-asked.js';
import { DatabaseIndex } from './search/database-index.js';
import { KnowledgeSearch } from './search/knowledge-search.js';
import { MeiliIndex } from './search/meili-index.js';

interface Tools {
  database: Database;
  log: EventLog;
  leases: Duties;
  outbox: Outbox;
  content: SendableContent;
  media: MediaInbox;
  records: MediaRecords;
  queue: JobQueue;
  clock: Clock;
  logger: Logger;
  /** Admins of the first start, as phone numbers or jids. */
  initialAdmins: readonly string[];
  /** Absent: the database searches. */
  meili: { url: string; key: string | undefined } | undefined;
}

/** Groups whose good messages are kept, found and passed on. */
export class Knowledge {
  private readonly consumer: EventConsumer;
  private readonly admins: KnowledgeAdmins;
  private readonly meili: MeiliIndex | undefined;
  readonly forwards: ForwardStore;
  /** What the controllers call. */
  readonly parts: object[];

  constructor(private readonly tools: Tools) {
    const { database, log, leases, queue, clock, logger } = tools;
    const admins = new KnowledgeAdmins(database);
    const routes = new RouteStore(database);
    const forwards = new ForwardStore(database, log);
    const own = new DatabaseIndex(database);
    this.meili = tools.meili && new MeiliIndex(tools.meili, database, own, logger);
    const index = this.meili ?? own;
    this.admins = admins;
    this.forwards = forwards;
    queue.handle(ingestJob, ingest(database, queue));
    queue.handle(indexJob, indexMessage(database, index));
    queue.handle(forwardJob, forward({ ...tools, forwards }));
    queue.handle(forgetJob, forget(database, queue));
    const reindexing = new Reindexing(database, index, queue, clock);
    queue.handle(reindexJob, reindexing.handler);
    const reader = knowledgeReader({ database, admins, routes, forwards, queue, clock });
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
    this.parts = [
      admins,
      routes,
      new AccountGroups(database),
      new RoutesAsked(database, routes, tools.outbox),
      new ForwardPages(database),
      new KnowledgeSearch(database, index),
      reindexing,
    ];
  }

  async start(): Promise<void> {
    await this.admins.begin(this.tools.initialAdmins);
    this.meili?.look();
    await this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop();
  }
}

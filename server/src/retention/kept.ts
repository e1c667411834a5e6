import { deleteOldMessages } from '../chats/old-messages.js';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import type { EventLog } from '../event-log/event-log.js';
import type { MediaLibrary } from '../media/media-library.js';
import type { Kept } from './retention.js';

interface Keepers {
  database: Database;
  log: EventLog;
  library: MediaLibrary;
  /** Of webhooks. */
  deliveries: Pick<Kept, 'deleteBefore'>;
  audit: Pick<Kept, 'deleteBefore'>;
  /** Of knowledge routes. */
  forwards: Pick<Kept, 'deleteBefore'>;
  failedJobs: Pick<Kept, 'deleteBefore'>;
  bulkSends: Pick<Kept, 'deleteBefore'>;
  templateSends: Pick<Kept, 'deleteBefore'>;
}

/** Everything that grows, and for how long it is kept. */
export function whatIsKept(
  days: Config['keepDays'],
  {
    database,
    log,
    library,
    deliveries,
    audit,
    forwards,
    failedJobs,
    bulkSends,
    templateSends,
  }: Keepers,
): Kept[] {
  return [
    { what: 'events', days: days.events, deleteBefore: (...of) => log.deleteBefore(...of) },
    {
      what: 'messages',
      days: days.messages,
      deleteBefore: (...of) => deleteOldMessages(database, ...of),
    },
    {
      what: 'media',
      days: days.media,
      deleteBefore: (...of) => library.releaseBefore(...of),
    },
    {
      what: 'files that nobody refers to',
      days: 1 / 24,
      deleteBefore: (...of) => library.sweepBefore(...of),
    },
    {
      what: 'webhook deliveries',
      days: days.deliveries,
      deleteBefore: (...of) => deliveries.deleteBefore(...of),
    },
    {
      what: 'forwards',
      days: days.audit,
      deleteBefore: (...of) => forwards.deleteBefore(...of),
    },
    {
      what: 'bulk sends',
      days: days.audit,
      deleteBefore: (...of) => bulkSends.deleteBefore(...of),
    },
    {
      what: 'messages of templates',
      days: days.audit,
      deleteBefore: (...of) => templateSends.deleteBefore(...of),
    },
    {
      what: 'failed jobs',
      days: days.failedJobs,
      deleteBefore: (...of) => failedJobs.deleteBefore(...of),
    },
    { what: 'audit log', days: days.audit, deleteBefore: (...of) => audit.deleteBefore(...of) },
  ];
}

import type { Migration, MigrationProvider } from 'kysely';
import type { DialectName } from '../dialect.js';
import * as firstTables from './0001-first-tables.js';
import * as stanzaJournal from './0002-stanza-journal.js';
import * as outbox from './0003-outbox.js';
import * as webhooks from './0004-webhooks.js';
import * as media from './0006-media.js';
import * as kinds from './0007-kinds.js';
import * as abilities from './0008-abilities.js';
import * as peopleAndSearch from './0009-people-and-search.js';
import * as webhookRaw from './0010-webhook-raw.js';
import * as joinApproval from './0011-join-approval.js';
import * as access from './0012-access.js';
import * as team from './0013-team.js';
import * as failedJobs from './0014-failed-jobs.js';
import * as knowledge from './0015-knowledge.js';
import * as sharedFiles from './0019-shared-files.js';
import * as chatbots from './0020-chatbots.js';
import * as notify from './0021-notify.js';
import * as bulk from './0022-bulk.js';
import * as cluster from './0023-cluster.js';
import * as templateSends from './0026-template-sends.js';
import * as tagsByPlace from './0027-tags-by-place.js';

const STEPS = {
  '0001-first-tables': firstTables,
  '0002-stanza-journal': stanzaJournal,
  '0003-outbox': outbox,
  '0004-webhooks': webhooks,
  '0006-media': media,
  '0007-kinds': kinds,
  '0008-abilities': abilities,
  '0009-people-and-search': peopleAndSearch,
  '0010-webhook-raw': webhookRaw,
  '0011-join-approval': joinApproval,
  '0012-access': access,
  '0013-team': team,
  '0014-failed-jobs': failedJobs,
  '0015-knowledge': knowledge,
  '0019-shared-files': sharedFiles,
  '0020-chatbots': chatbots,
  '0021-notify': notify,
  '0022-bulk': bulk,
  '0023-cluster': cluster,
  '0026-template-sends': templateSends,
  '0027-tags-by-place': tagsByPlace,
};

/** The one list of migrations, run in this order on both databases. */
export function migrations(dialect: DialectName): MigrationProvider {
  const entries = Object.entries(STEPS).map(([name, step]): [string, Migration] => [
    name,
    { up: (db) => step.up(db, dialect) },
  ]);
  return { getMigrations: async () => Object.fromEntries(entries) };
}

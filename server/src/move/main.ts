import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { armCrashPoint } from '../crash-point.js';
import { createLogger } from '../logging.js';
import { StartError } from '../start-error.js';
import { migrateTo, takeBack } from './migrate-to.js';

const HELP = `Usage: npx patchbay migrate-to <postgres://user:password@host:5432/name> [--data <folder>]
       npx patchbay migrate-to --take-back [--data <folder>]

Moves everything from the embedded database of a storage folder to an empty PostgreSQL database
(without an address: to that of DATABASE_URL), and compares both row by row. The server must be
stopped. If it is interrupted, run it again: it goes on where it was.

  --data <folder>   the storage folder                          (STORAGE_ROOT, default ./storage)
  --take-back       let the server use the embedded database again, after a move or instead of one
  --help            this text`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      'take-back': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const print = (line: string) => {
    process.stdout.write(`${line}\n`);
  };
  if (values.help) return print(HELP);
  const config = readConfig();
  armCrashPoint(config.crashAt);
  const logger = createLogger({ level: 'warn', format: config.logFormat });
  const storageRoot = values.data ? resolve(values.data) : config.storageRoot;
  if (values['take-back']) {
    const moved = await takeBack(storageRoot, logger);
    return print(
      moved
        ? `The server uses ${storageRoot} again. Start none on ${moved.place} any more.`
        : `Nothing was moved from ${storageRoot}.`,
    );
  }
  const [url = config.databaseUrl, ...more] = positionals;
  if (!url || more.length > 0) throw new StartError(`One address is needed.\n\n${HELP}`);
  await migrateTo({ storageRoot, url, logger, print });
  const secret = config.secret
    ? 'the same PATCHBAY_SECRET'
    : `the key file ${storageRoot}/secret.key`;
  print(`
Start the server with DATABASE_URL set to the new database, for instance in .env, and with ${secret}.
Files of messages stay in ${storageRoot}/media: keep using the folder, or copy them to a bucket
(docs/operations.md). The embedded database stays as it is, and no server starts on it any more.`);
}

main().catch((error) => {
  const isMistake = error instanceof StartError || error?.code?.startsWith?.('ERR_PARSE_ARGS');
  const interrupted = `${error?.stack ?? error}\nInterrupted. Run it again: it goes on where it was.`;
  process.stderr.write(`${isMistake ? error.message : interrupted}\n`);
  process.exit(1);
});

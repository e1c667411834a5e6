import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { UnusableAuth } from '../engines/engine-import.js';
import { ApiError } from '../http/api-error.js';
import { createLogger } from '../logging.js';
import { StartError } from '../start-error.js';
import { evolutionInstances } from './evolution.js';
import { authFolders, type FoundAuth } from './folders.js';
import { importSessions } from './import-sessions.js';

const HELP = `Usage: npx patchbay import --baileys <folder> [options]
       npx patchbay import --waha <folder> [options]
       npx patchbay import --evolution --folder <folder> ... [options]

Takes linked numbers over from another program, with no new scan. That program must be stopped, and must
never be started with them again; the server on this storage folder must be stopped too.

  --baileys <folder>    a folder of useMultiFileAuthState (creds.json), or one with several of them
  --waha <folder>       the folder .sessions of WAHA, engine NOWEB
  --evolution           an Evolution API 2, in these places:
    --folder <folder>     its folder "instances", or the folder of one instance with --creds
    --creds <file>        what the column "creds" of the table Session has, where that is in MySQL
    --database <url>      its PostgreSQL database
    --redis <url>         its Redis, where CACHE_REDIS_ENABLED is set
    --redis-prefix <text> CACHE_REDIS_PREFIX_KEY                (default evolution)

  --only <name>         of several sessions this one; may be repeated
  --owner <e-mail>      whose they become                       (default: the first admin)
  --id <id>, --name <text>  how one is called here              (default: as it was there)
  --data <folder>       the storage folder                      (STORAGE_ROOT, default ./storage)
  --help                this text`;

const text = { type: 'string' } as const;
const OPTIONS = {
  baileys: text,
  waha: text,
  evolution: { type: 'boolean' },
  folder: text,
  creds: text,
  database: text,
  redis: text,
  'redis-prefix': { type: 'string', default: 'evolution' },
  only: { type: 'string', multiple: true, default: [] as string[] },
  owner: text,
  id: text,
  name: text,
  data: text,
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readOptions>;

function readOptions() {
  return parseArgs({ options: OPTIONS }).values;
}

async function main(): Promise<void> {
  const values = readOptions();
  const print = (line: string) => {
    process.stdout.write(`${line}\n`);
  };
  const programs = [values.baileys, values.waha, values.evolution].filter(Boolean);
  if (values.help) return print(HELP);
  if (programs.length !== 1) throw new StartError(`From which program?\n\n${HELP}`);
  const config = readConfig();
  const logger = createLogger({ level: 'warn', format: config.logFormat });
  const { owner, id, name, only = [] } = values;
  const storageRoot = values.data ? resolve(values.data) : config.storageRoot;
  const found = await authsOf(values);
  await importSessions({ found, only, owner, id, name, storageRoot }, { config, logger, print });
  print('They connect when a server runs. Never start the other program with them again.');
}

async function authsOf(values: Values): Promise<FoundAuth[]> {
  const folder = values.baileys ?? values.waha;
  if (folder !== undefined) return authFolders(resolve(folder));
  return await evolutionInstances({
    folder: values.folder && resolve(values.folder),
    creds: values.creds && resolve(values.creds),
    databaseUrl: values.database,
    redisUrl: values.redis,
    redisPrefix: values['redis-prefix'] ?? 'evolution',
  });
}

main().catch((error) => {
  const isMistake =
    [StartError, UnusableAuth, ApiError].some((kind) => error instanceof kind) ||
    error?.code?.startsWith?.('ERR_PARSE_ARGS');
  process.stderr.write(`${isMistake ? error.message : (error?.stack ?? String(error))}\n`);
  process.exit(1);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type ForeignAuth, UnusableAuth } from '../engines/engine-import.js';
import type { FoundAuth } from './folders.js';
import { filesOf } from './folders.js';

/** Where an Evolution API has what belongs to its instances; at least one of the places. */
export interface EvolutionPlaces {
  /** `instances`, with a folder for each instance; or the folder of one. */
  folder: string | undefined;
  /** A file with the column `creds` of one instance, from a database that is no PostgreSQL. */
  creds: string | undefined;
  /** Its PostgreSQL database. */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** CACHE_REDIS_PREFIX_KEY. */
  redisPrefix: string;
}

interface Instance {
  id: string;
  name: string;
  creds: string | undefined;
}

/**
 * The instances of an Evolution API 2: credentials in the table `Session` or in Redis, keys as files of
 * `instances/<id>` or as fields of the hash `<prefix>:instance:<id>`, as its settings had it.
 */
export async function evolutionInstances(places: EvolutionPlaces): Promise<FoundAuth[]> {
  const { databaseUrl, redisUrl, folder } = places;
  if (!databaseUrl && !redisUrl) return [oneFolder(places)];
  const hashes = redisUrl
    ? await hashesOf(redisUrl, `${places.redisPrefix}:instance:`)
    : new Map<string, Record<string, string>>();
  const instances = databaseUrl
    ? await instancesOf(databaseUrl)
    : [...hashes.keys()].map((id): Instance => ({ id, name: id, creds: undefined }));
  const found = instances.map((instance): FoundAuth => {
    const hash = hashes.get(instance.id);
    const { creds = instance.creds, ...fields } = hash ?? {};
    const inFiles = folder && existsSync(join(folder, instance.id));
    const auth: ForeignAuth = hash
      ? { place: instance.name, creds, keys: new Map(Object.entries(fields)), named: 'as-they-are' }
      : {
          ...{ place: instance.name, creds, named: 'as-files' },
          keys: inFiles ? filesOf(join(folder, instance.id)).keys : new Map(),
        };
    return { name: instance.name, auth };
  });
  if (found.length === 0) throw new UnusableAuth('There is no instance with credentials');
  return found;
}

function oneFolder({ folder, creds }: EvolutionPlaces): FoundAuth {
  if (!folder)
    throw new UnusableAuth('Name the folder, the database or the Redis of the Evolution API');
  const files = filesOf(folder);
  if (creds && !existsSync(creds)) throw new UnusableAuth(`${creds}: there is no such file`);
  const text = creds ? readFileSync(creds, 'utf8') : files.creds;
  return {
    name: '',
    auth: { place: folder, creds: text, keys: files.keys, named: 'as-files' },
  };
}

async function instancesOf(databaseUrl: string): Promise<Instance[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    const { rows } = await client.query<Instance>(
      `select i.id, i.name, s.creds from "Instance" i join "Session" s on s."sessionId" = i.id
       where s.creds is not null order by i.name`,
    );
    return rows;
  } catch (error) {
    throw new UnusableAuth(`The database of the Evolution API: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The hashes of all instances, by the instance's id. */
async function hashesOf(
  redisUrl: string,
  prefix: string,
): Promise<Map<string, Record<string, string>>> {
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null });
  // What is wrong is told by the command that fails.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const found = new Map<string, Record<string, string>>();
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 })) {
      for (const key of keys as string[]) {
        if ((await redis.type(key)) !== 'hash') continue;
        found.set(key.slice(prefix.length), await redis.hgetall(key));
      }
    }
    return found;
  } catch (error) {
    throw new UnusableAuth(`The Redis of the Evolution API: ${(error as Error).message}`);
  } finally {
    redis.disconnect();
  }
}

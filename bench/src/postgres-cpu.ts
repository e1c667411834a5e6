import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** Linux counts processor time in these (USER_HZ): 100 a second. */
const MS_PER_TICK = 10;

interface Stat {
  parent: number;
  /** Its own, and that of its children that have ended; in ticks. */
  own: number;
  ended: number;
}

/**
 * What a PostgreSQL has spent of the processor so far, all its processes together (ms); null when it
 * runs elsewhere or the system does not tell.
 */
export async function postgresCpu(url: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select pg_backend_pid() as pid');
  const all = stats();
  await client.end();
  const backend = all.get(Number(rows[0]?.pid));
  const main = backend && all.get(backend.parent);
  if (!main) return null;
  let ticks = main.own + main.ended;
  for (const { parent, own } of all.values()) if (parent === backend.parent) ticks += own;
  return ticks * MS_PER_TICK;
}

function stats(): Map<number, Stat> {
  const found = new Map<number, Stat>();
  for (const name of pids()) {
    try {
      // The name of the program is in brackets and may hold anything; figures begin behind it.
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [, parent = 0] = fields;
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11);
      found.set(Number(name), { parent, own: user + system, ended: endedUser + endedSystem });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function pids(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

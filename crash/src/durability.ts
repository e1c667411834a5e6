/** What the server says about its database in its log when it has opened it. */
export type Durability = Record<string, string>;

/** What docs/decisions/0002 asks for: a commit is on the disk when it is answered. */
const REQUIRED: Record<string, Durability> = {
  sqlite: { journal_mode: 'wal', synchronous: 'full' },
  postgres: { synchronous_commit: 'on', fsync: 'on', full_page_writes: 'on' },
};

/** @param printed the server's log, JSON lines */
export function readDurability(printed: string): { dialect: string; settings: Durability } {
  for (const line of printed.split('\n')) {
    if (!line.includes('"durability"')) continue;
    const { dialect, durability } = JSON.parse(line);
    return { dialect, settings: durability };
  }
  throw new Error('the server does not say how durable its database is');
}

/** The settings that are weaker than they must be, in words. */
export function weaknesses(dialect: string, settings: Durability): string[] {
  const required = REQUIRED[dialect];
  if (!required) return [`nothing is known about ${dialect}`];
  return Object.entries(required)
    .filter(([name, value]) => settings[name] !== value)
    .map(([name, value]) => `${name} is ${settings[name] ?? 'not told'}, must be ${value}`);
}

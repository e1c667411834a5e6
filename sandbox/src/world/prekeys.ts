import type { Store } from './store.js';

export interface PreKey {
  id: number;
  /** 32 bytes. */
  value: Buffer;
}

/** One-time prekeys: each is handed out to one asker and is gone. They stay on disk only. */
export class PreKeys {
  private readonly sql;

  constructor(private readonly store: Store) {
    this.sql = {
      put: store.prepare('INSERT OR REPLACE INTO prekey (device, id, value) VALUES (?, ?, ?)'),
      first: store.prepare(
        'SELECT id, value FROM prekey WHERE device = ? ORDER BY device, id LIMIT 1',
      ),
      drop: store.prepare('DELETE FROM prekey WHERE device = ? AND id = ?'),
      dropAll: store.prepare('DELETE FROM prekey WHERE device = ?'),
      count: store.prepare('SELECT count(*) AS n FROM prekey WHERE device = ?'),
      ids: store.prepare('SELECT id FROM prekey WHERE device = ? ORDER BY id'),
    };
  }

  add(device: string, keys: PreKey[]): void {
    for (const key of keys) this.store.write(this.sql.put, device, key.id, key.value);
  }

  /** Takes the lowest key. Undefined: none left, the asker works with the signed prekey alone. */
  take(device: string): PreKey | undefined {
    const row = this.sql.first.get(device) as { id: number; value: Uint8Array } | undefined;
    if (!row) return undefined;
    this.store.write(this.sql.drop, device, row.id);
    return { id: row.id, value: Buffer.from(row.value) };
  }

  count(device: string): number {
    return (this.sql.count.get(device) as { n: number }).n;
  }

  ids(device: string): number[] {
    return (this.sql.ids.all(device) as { id: number }[]).map((row) => row.id);
  }

  clear(device: string): void {
    this.store.write(this.sql.dropAll, device);
  }
}

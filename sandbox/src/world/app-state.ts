import type { Store } from './store.js';

/** The changes of each account's chat settings, as encrypted as they came, numbered from 1. */
export class AppState {
  private readonly sql;

  constructor(private readonly store: Store) {
    this.sql = {
      put: store.prepare(
        'INSERT INTO app_state (phone, collection, version, patch) VALUES (?, ?, ?, ?)',
      ),
      after: store.prepare(
        'SELECT patch FROM app_state WHERE phone = ? AND collection = ? AND version > ? ORDER BY version LIMIT ?',
      ),
      version: store.prepare(
        'SELECT max(version) AS version FROM app_state WHERE phone = ? AND collection = ?',
      ),
    };
  }

  version(phone: string, collection: string): number {
    const row = this.sql.version.get(phone, collection) as { version: number | null };
    return row.version ?? 0;
  }

  /** Patches after a version, oldest first. */
  after(phone: string, collection: string, version: number, limit: number): Buffer[] {
    const rows = this.sql.after.all(phone, collection, version, limit) as { patch: Uint8Array }[];
    return rows.map(({ patch }) => Buffer.from(patch));
  }

  add(phone: string, collection: string, version: number, patch: Uint8Array): void {
    this.store.write(this.sql.put, phone, collection, version, Buffer.from(patch));
  }
}

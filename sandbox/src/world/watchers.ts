import type { Store } from './store.js';

/**
 * Who has asked for an account's device list, and so keeps a copy of it that must be corrected
 * when a device comes or goes. (WhatsApp tells all contacts; here everybody is everybody's.)
 */
export class Watchers {
  private readonly watchers = new Map<string, Set<string>>();
  private readonly put;

  constructor(private readonly store: Store) {
    this.put = store.prepare('INSERT OR IGNORE INTO watch (phone, watcher) VALUES (?, ?)');
    type Row = { phone: string; watcher: string };
    for (const { phone, watcher } of store.prepare('SELECT * FROM watch').all() as Row[]) {
      this.set(phone).add(watcher);
    }
  }

  add(phone: string, watcher: string): void {
    const set = this.set(phone);
    if (set.has(watcher)) return;
    set.add(watcher);
    this.store.write(this.put, phone, watcher);
  }

  of(phone: string): string[] {
    return [...(this.watchers.get(phone) ?? [])];
  }

  private set(phone: string): Set<string> {
    let set = this.watchers.get(phone);
    if (!set) {
      set = new Set();
      this.watchers.set(phone, set);
    }
    return set;
  }
}

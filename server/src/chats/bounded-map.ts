/** A map that forgets what was set longest ago when it is full: a cache of what the database holds. */
export class BoundedMap<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly limit: number) {}

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) this.forgetOldest();
  }

  /** Several in one go: a map passes all that was deleted at its beginning to find its first key. */
  private forgetOldest(): void {
    let left = Math.ceil(this.limit / 16);
    for (const key of this.entries.keys()) {
      this.entries.delete(key);
      left -= 1;
      if (left === 0) return;
    }
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}

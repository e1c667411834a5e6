const RANK: Record<string, number> = { delivered: 1, read: 2, played: 3 };
const REMEMBERED = 100_000;

/**
 * What authors were told about their messages. An account has several devices and each says that
 * it has the message; the author hears of the first only, and never of a lesser state after a
 * greater one. Memory only: after a restart an author may hear a thing twice.
 */
export class ToldReceipts {
  private readonly told = new Map<string, number>();

  /** Whether this is news to the author; if so, it is remembered. */
  isNews(author: string, id: string, reader: string, type = 'delivered'): boolean {
    const key = `${author} ${id} ${reader}`;
    const rank = RANK[type] ?? 1;
    if ((this.told.get(key) ?? 0) >= rank) return false;
    this.remember(key, rank);
    this.remember(`${author} ${id}`, rank);
    return true;
  }

  /** Whether the author knows of anybody who has the message. */
  isDelivered(author: string, id: string): boolean {
    return this.told.has(`${author} ${id}`);
  }

  private remember(key: string, rank: number): void {
    this.told.delete(key);
    this.told.set(key, rank);
    if (this.told.size > REMEMBERED) this.told.delete(this.told.keys().next().value!);
  }
}

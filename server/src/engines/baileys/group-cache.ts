import type { GroupMetadata } from './baileys.js';

/** More than this many groups are rarely written to between two restarts. */
const MAX_GROUPS = 500;

/**
 * Members of groups, which rc14 asks WhatsApp for at every group message that it sends
 * (`lib/Socket/messages-send.js`, relayMessage) unless it is given them. Whoever hears of a change
 * calls `forget`.
 */
export class GroupCache {
  readonly #known = new Map<string, Promise<GroupMetadata>>();

  constructor(private readonly fetch: (jid: string) => Promise<GroupMetadata>) {}

  has(jid: string): boolean {
    return this.#known.has(jid);
  }

  /** From memory, else from WhatsApp; several callers share one question. */
  get(jid: string): Promise<GroupMetadata> {
    const known = this.#known.get(jid);
    if (known) return known;
    const asked = this.fetch(jid);
    this.#keep(jid, asked);
    asked.catch(() => {
      if (this.#known.get(jid) === asked) this.#known.delete(jid);
    });
    return asked;
  }

  /** Takes news of a group: the whole of it, or only that something changed. */
  learn(group: Partial<GroupMetadata> & { id?: string }): void {
    if (!group.id) return;
    if (group.participants && group.subject !== undefined) {
      this.#keep(group.id, Promise.resolve(group as GroupMetadata));
    } else this.forget(group.id);
  }

  forget(jid: string): void {
    this.#known.delete(jid);
  }

  #keep(jid: string, metadata: Promise<GroupMetadata>): void {
    this.#known.delete(jid);
    this.#known.set(jid, metadata);
    const oldest = this.#known.size > MAX_GROUPS && this.#known.keys().next();
    if (oldest && !oldest.done) this.#known.delete(oldest.value);
  }
}

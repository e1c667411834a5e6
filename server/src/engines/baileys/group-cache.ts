import { isGroupJid } from '../../whatsapp/jid.js';
import type { EngineHost } from '../engine.js';
import type { EngineEvent, EngineGroup } from '../engine-events.js';
import type { GroupMetadata, WASocket } from './baileys.js';
import { groupFromBaileys, groupToBaileys } from './from-baileys/groups.js';

/** Members held in memory, of all groups together; beyond, groups are read from our store again. */
const MAX_MEMBERS = 20_000;

export interface GroupSources {
  /** What we stored of a group. */
  stored(jid: string): Promise<EngineGroup | undefined>;
  /** The group as WhatsApp has it. */
  fetch(jid: string): Promise<GroupMetadata>;
  /** Told of each group that had to be fetched. */
  fetched(group: EngineGroup): void;
}

/** The groups of a connection. `sock` is asked only later: the socket itself needs the cache. */
export function groupsOf(
  host: EngineHost,
  sock: () => WASocket,
  tell: (event: EngineEvent) => void,
): GroupCache {
  return new GroupCache({
    stored: (jid) => host.group(jid),
    fetch: (jid) => sock().groupMetadata(jid),
    fetched: (group) => tell({ type: 'groups', groups: [group] }),
  });
}

/** Asks for all groups; rc14 tells of them as an update. Unanswered, the stored ones have to do. */
export function askForGroups(sock: WASocket, { logger }: EngineHost): void {
  sock.groupFetchAllParticipating().catch((error) => {
    logger.debug({ err: error }, 'the groups could not be fetched');
  });
}

/**
 * Members of groups, which rc14 asks WhatsApp for at every group message that it sends
 * (`lib/Socket/messages-send.js`, relayMessage) unless it is given them. They come from memory, else
 * from what the session stored, and only for a group that was never heard of from WhatsApp.
 */
export class GroupCache {
  readonly #held = new Map<string, { group: Promise<GroupMetadata>; members: number }>();
  /** Groups that are stored, so that a message from one of them is no reason to ask. */
  readonly #known = new Set<string>();
  #members = 0;

  constructor(private readonly sources: GroupSources) {}

  /** Several callers share one question. */
  get(jid: string): Promise<GroupMetadata> {
    const held = this.#held.get(jid);
    if (held) return held.group;
    return this.#hold(jid, this.#load(jid));
  }

  /** To be called with every event that was stored: forgets what changed, fetches what is new. */
  told(event: EngineEvent): void {
    switch (event.type) {
      case 'groups':
        for (const { jid } of event.groups) {
          this.forget(jid);
          this.#known.add(jid);
        }
        return;
      case 'group-changed':
        this.forget(event.jid);
        return;
      case 'group-participants':
        this.forget(event.jid);
        if (event.includesMe && event.action === 'add') this.#refetch(event.jid);
        return;
      case 'message': {
        const { chatJid } = event.message;
        if (!isGroupJid(chatJid) || this.#known.has(chatJid)) return;
        // Tried again with the next message.
        this.get(chatJid).catch(() => {});
        return;
      }
    }
  }

  forget(jid: string): void {
    const held = this.#held.get(jid);
    if (!held) return;
    this.#held.delete(jid);
    this.#members -= held.members;
  }

  #refetch(jid: string): void {
    this.#hold(jid, this.#fetch(jid)).catch(() => {});
  }

  async #load(jid: string): Promise<GroupMetadata> {
    const stored = await this.sources.stored(jid);
    if (!stored) return this.#fetch(jid);
    this.#known.add(jid);
    return groupToBaileys(stored);
  }

  async #fetch(jid: string): Promise<GroupMetadata> {
    const metadata = await this.sources.fetch(jid);
    this.#known.add(jid);
    this.sources.fetched(groupFromBaileys(metadata));
    return metadata;
  }

  #hold(jid: string, group: Promise<GroupMetadata>): Promise<GroupMetadata> {
    this.forget(jid);
    const held = { group, members: 0 };
    this.#held.set(jid, held);
    group.then(
      ({ participants }) => {
        if (this.#held.get(jid) !== held) return;
        held.members = participants.length;
        this.#members += held.members;
        this.#makeRoom();
      },
      () => {
        if (this.#held.get(jid) === held) this.#held.delete(jid);
      },
    );
    return group;
  }

  #makeRoom(): void {
    for (const jid of this.#held.keys()) {
      if (this.#members <= MAX_MEMBERS) return;
      this.forget(jid);
    }
  }
}

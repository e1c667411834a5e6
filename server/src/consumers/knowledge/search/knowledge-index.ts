import type { WriteStep } from '../../../db/write-unit.js';
import type { Scope } from '../../../event-log/event-log.js';

/** Which message it is. */
export interface MessageKey {
  ownerId: string;
  groupId: string;
  messageId: string;
}

/** An approved message as an index takes it. */
export interface KnowledgeDocument extends MessageKey {
  text: string;
  tags: string[];
  senderJid: string | null;
  /** Accounts that have it in a thread. */
  sessionIds: string[];
  /** Milliseconds since the epoch. */
  at: number;
}

/** What to find; times in milliseconds, `to` excluded. */
export interface KnowledgeQuery {
  q: string;
  /** What the caller may see. */
  scope: readonly Scope[];
  groupId?: string | undefined;
  /** As `tagKey` gives it. */
  tag?: string | undefined;
  /** All names of the sender. */
  senders?: string[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
  /** What the page before gave. */
  after?: string | undefined;
}

/** `degraded`: another index answered, because the one that should have is away. */
export interface Found {
  keys: MessageKey[];
  degraded?: boolean;
  after: string | null;
}

/** Where approved messages are found. search/testing/index-contract.ts tells what every one keeps. */
export interface KnowledgeIndex {
  /** Puts a message in, in place of what was there; what it returns is written with the job's end. */
  put(document: KnowledgeDocument): Promise<WriteStep[]>;
  remove(key: MessageKey): Promise<WriteStep[]>;
  /** Best first; without words the newest first. @throws ApiError `invalid_request` for a cursor of another list */
  search(query: KnowledgeQuery): Promise<Found>;
}

import type { MsgKey, Wid } from '../wid.js';

/** Rows that WhatsApp Web keeps beside messages. whatsapp-web.js listens by replacing the functions. */
interface Table {
  bulkUpsert(rows: object[]): void;
}

const table = (): Table => ({ bulkUpsert: () => undefined });

export const reactionTableMode = table();
export const pollVoteTableMode = table();

export interface ReactionRow {
  id: MsgKey;
  reactionParentKey: MsgKey;
  /** Milliseconds. */
  reactionTimestamp: number;
  author: Wid;
  /** Empty: it was taken back. */
  reactionText: string;
  read: boolean;
}

/** By message, then by who reacted. */
const reactions = new Map<string, Map<string, ReactionRow>>();

/** @returns whether the message has any now */
export function noteReaction(row: ReactionRow): boolean {
  const target = row.reactionParentKey._serialized;
  const ofTarget = reactions.get(target) ?? new Map<string, ReactionRow>();
  reactions.set(target, ofTarget);
  if (row.reactionText) ofTarget.set(row.author._serialized, row);
  else ofTarget.delete(row.author._serialized);
  return ofTarget.size > 0;
}

/** Reactions of a message, gathered by emoji. */
export async function findReactions(target: string) {
  const rows = [...(reactions.get(target)?.values() ?? [])];
  const emojis = [...new Set(rows.map(({ reactionText }) => reactionText))];
  const gathered = emojis.map((emoji) => {
    const senders = rows.filter(({ reactionText }) => reactionText === emoji);
    return {
      id: emoji,
      aggregateEmoji: emoji,
      hasReactionByMe: senders.some(({ id }) => id.fromMe),
      senders: senders.map(({ id, reactionParentKey, reactionTimestamp, author, read }) => ({
        msgKey: id,
        parentMsgKey: reactionParentKey,
        senderUserJid: author._serialized,
        reactionText: emoji,
        timestamp: reactionTimestamp,
        read,
      })),
    };
  });
  return { reactions: Object.assign(gathered, { serialize: () => gathered }) };
}

import {
  keepMessage,
  keyOf,
  loadEarlier,
  messageOf,
  noteMessage,
  readEntry,
  recall,
} from './messages.js';
import {
  noteReaction,
  pollVoteTableMode,
  type ReactionRow,
  reactionTableMode,
} from './modules/addons.js';
import { Chats, type Msg, openChat } from './stores.js';
import type { Entry } from './talk.js';
import { chatWid, phoneWid } from './wid.js';

/** Kinds that say something about another message, or about the chat, and are none of their own. */
const ACTIONS = new Set([
  'reaction',
  'edit',
  'revoke',
  'poll_vote',
  'event_response',
  'pin',
  'timer',
]);

/** Messages of each chat that are in the page's memory when it starts. */
const IN_MEMORY = 1;

/** What was there before this document: nobody is told of it, and most of it is in the database alone. */
export function takeHistory(entries: Entry[]): void {
  for (const entry of entries) {
    const target = targetOf(entry);
    if (target && entry.kind === 'reaction') {
      target.hasReaction = noteReaction(reactionRow(entry, target));
    }
    if (target && entry.kind === 'edit') target.set(editOf(entry));
    if (ACTIONS.has(entry.kind)) continue;
    const known = messageOf(entry.id);
    if (known) continue;
    const chat = openChat(chatWid(entry.chat));
    const msg = readEntry(entry, false);
    keepMessage(msg);
    if (!msg.id.fromMe && !entry.read) chat.unreadCount += 1;
  }
  for (const chat of Chats.getModelsArray()) loadEarlier(chat, IN_MEMORY);
}

/** That a message was changed, and when. */
function editOf(entry: Entry) {
  return {
    latestEditMsgKey: keyOf(entry),
    latestEditSenderTimestampMs: Date.parse(entry.at),
  };
}

/** A message comes in, or one of the account's own is heard of. */
export function takeEntry(entry: Entry): void {
  if (ACTIONS.has(entry.kind)) {
    act(entry);
    return;
  }
  const known = messageOf(entry.id);
  if (known) {
    takeAck(entry.id, entry.ack);
    return;
  }
  const msg = noteMessage(readEntry(entry, true));
  const chat = openChat(msg.id.remote);
  if (!entry.fromMe) chat.set({ unreadCount: chat.unreadCount + 1 });
}

/** How far a message of the account's own has come. */
export function takeAck(id: string, ack: number): void {
  const msg = messageOf(id);
  if (msg?.id.fromMe && (ack > msg.ack || ack < 0)) msg.set({ ack });
}

/** A received message was read, here or elsewhere. */
export function takeRead(id: string): void {
  const msg = messageOf(id);
  const chat = msg && Chats.get(msg.id.remote);
  if (chat && chat.unreadCount > 0) chat.set({ unreadCount: chat.unreadCount - 1 });
}

const targetOf = ({ target, reaction }: Entry): Msg | undefined =>
  messageOf(target ?? reaction?.messageId ?? '');

function reactionRow(entry: Entry, target: Msg): ReactionRow {
  return {
    id: keyOf(entry),
    reactionParentKey: target.id,
    reactionTimestamp: Date.parse(entry.at),
    author: phoneWid(entry.from),
    reactionText: entry.reaction?.emoji ?? '',
    read: false,
  };
}

function act(entry: Entry): void {
  const found = targetOf(entry);
  if (!found) return;
  const target = recall(found);
  const id = keyOf(entry);
  const sender = phoneWid(entry.from);
  const at = Date.parse(entry.at);
  switch (entry.kind) {
    case 'reaction': {
      const row = reactionRow(entry, target);
      target.set({ hasReaction: noteReaction(row) });
      reactionTableMode.bulkUpsert([row]);
      break;
    }
    case 'poll_vote': {
      const options = (target as unknown as { pollOptions?: { name: string; localId: number }[] })
        .pollOptions;
      const chosen = (options ?? []).filter(({ name }) => entry.vote?.includes(name));
      const selectedOptionLocalIds = chosen.map(({ localId }) => localId);
      const pollUpdateParentKey = target.id;
      pollVoteTableMode.bulkUpsert([
        {
          id,
          pollUpdateParentKey,
          t: at,
          senderTimestampMs: at,
          author: sender,
          selectedOptionLocalIds,
        },
      ]);
      break;
    }
    case 'edit': {
      const text = target.directPath ? { caption: entry.text } : { body: entry.text };
      target.set({ ...editOf(entry), ...text });
      break;
    }
    case 'revoke':
      target.set({
        type: 'revoked',
        body: undefined,
        caption: undefined,
        protocolMessageKey: target.id,
      });
  }
}

import type { MessageContent } from '@patchbay/contract';
import type { EngineMessage } from '../../engine-events.js';
import { proto, toNumber, type WAMessage } from '../baileys.js';
import { responseFrom } from '../from-baileys/actions.js';
import { contentFromBaileys } from '../from-baileys/content.js';
import { unwrap } from '../from-baileys/envelopes.js';
import { decodeMessage, encodeMessage, messageFromBaileys } from '../from-baileys/message.js';
import { type StoredMessage, voteFrom } from '../from-baileys/secret-content.js';
import type { HistoryReader } from './history-events.js';

const { StubType } = proto.WebMessageInfo;
const { PIN_FOR_ALL } = proto.PinInChat.Type;

/**
 * The messages of one chat, oldest first, each followed by what was done to it: the history keeps
 * reactions, votes and answers inside the message that they are for.
 * @param encoded `WebMessageInfo` each
 */
export async function* messagesFromHistory(
  encoded: Uint8Array[],
  reader: HistoryReader,
): AsyncGenerator<EngineMessage> {
  /** Messages that answers in the same chat may need before they are stored. */
  const answerable = new Map<string, WAMessage>();
  const stored: StoredMessage = async (id) => answerable.get(id) ?? (await reader.stored(id));
  const inChat = { ...reader, stored };
  for (const raw of encoded) {
    const message = readable(raw);
    if (!message) continue;
    for (const read of await withChanges(message, raw, inChat)) {
      const { type } = read.content;
      if (type === 'poll' || type === 'event') answerable.set(read.id, message);
      yield read;
      yield* additions(message, read, inChat);
    }
  }
}

function readable(raw: Uint8Array): WAMessage | undefined {
  try {
    return decodeMessage(raw);
  } catch {
    return undefined;
  }
}

/** The message as it is now; an edit of its own stands for the message too, which may not come. */
async function withChanges(
  message: WAMessage,
  raw: Uint8Array,
  { me, aliasOf, stored }: HistoryReader,
): Promise<EngineMessage[]> {
  const revoked = message.messageStubType === StubType.REVOKE;
  const content: MessageContent | undefined = revoked
    ? { type: 'other', kind: 'revoked' }
    : undefined;
  const read = await messageFromBaileys(message, me, aliasOf, stored, {
    raw,
    ...(content && { content }),
  });
  if (!read || read.content.type === 'undecryptable') return [];
  if (revoked) return [{ ...read, changed: 'revoked' }];
  if (read.content.type !== 'edit') return [read];
  const { targetId } = read.content;
  const edited = unwrap(message.message ?? {}).protocolMessage?.editedMessage;
  const now = edited && contentFromBaileys(edited);
  if (!now) return [read];
  const key = { ...message.key, id: targetId };
  const target: EngineMessage = {
    ...read,
    id: targetId,
    content: now,
    raw: encodeMessage({ ...message, key, message: edited }),
  };
  return targetId === read.id ? [{ ...target, changed: 'edited' }] : [target, read];
}

/** Something that was done to a message, as it stands in it. */
interface Addition {
  key: proto.IMessageKey | null | undefined;
  at: Parameters<typeof toNumber>[0];
  content: MessageContent | undefined;
}

async function* additions(
  message: WAMessage,
  { id: targetId, content, timestamp }: EngineMessage,
  { me, aliasOf }: HistoryReader,
): AsyncGenerator<EngineMessage> {
  if (content.type === 'edit') return;
  for (const { key, at, content } of additionsIn(message, targetId)) {
    if (!key?.id || key.id === targetId || !content) continue;
    const moment = toNumber(at);
    const action = {
      key: { ...key, remoteJid: key.remoteJid ?? message.key.remoteJid ?? null },
      messageTimestamp: Math.floor((moment || timestamp) / 1000),
    };
    const read = await messageFromBaileys(action as WAMessage, me, aliasOf, undefined, { content });
    if (read) yield read;
  }
}

function additionsIn(message: WAMessage, targetId: string): Addition[] {
  const { reactions, pollUpdates, eventResponses, pinInChat } = message;
  return [
    ...(reactions ?? []).map(
      ({ key, text, senderTimestampMs }): Addition => ({
        key,
        at: senderTimestampMs,
        content: text ? { type: 'reaction', targetId, emoji: text } : undefined,
      }),
    ),
    ...(pollUpdates ?? []).map(
      ({ pollUpdateMessageKey: key, vote, senderTimestampMs }): Addition => ({
        key,
        at: senderTimestampMs,
        content: vote ? voteFrom(targetId, vote, message) : undefined,
      }),
    ),
    ...(eventResponses ?? []).map(
      ({ eventResponseMessageKey: key, eventResponseMessage, timestampMs }): Addition => ({
        key,
        at: timestampMs,
        content: eventResponseMessage ? responseFrom(targetId, eventResponseMessage) : undefined,
      }),
    ),
    ...(pinInChat ? [pinOf(pinInChat, targetId)] : []),
  ];
}

function pinOf(pin: proto.IPinInChat, targetId: string): Addition {
  const duration = pin.messageAddOnContextInfo?.messageAddOnDurationInSecs;
  const pinned = pin.type === PIN_FOR_ALL;
  return {
    key: pin.key,
    at: pin.senderTimestampMs,
    content: { type: 'pin', targetId, pinned, ...(pinned && duration && { duration }) },
  };
}

import { randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { unwrap } from './envelopes.js';
import { mediaFacts } from './media-facts.js';
import type { PhoneMessage } from './message-log.js';

/** A message id of the form that WhatsApp on Android uses: 32 hex digits. */
export function newMessageId(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

export function textContent(text: string): proto.IMessage {
  return { conversation: text };
}

export interface ReactionTarget {
  messageId: string;
  /** The chat as the one who reacts names it: a LID jid or a group jid. */
  chatJid: string;
  /** Whether the one who reacts wrote the message. */
  fromMe: boolean;
  /** The author's LID jid, in groups. */
  authorJid?: string;
}

/** A reaction, seen from the one who reacts (recipients turn the key round). An empty emoji takes it back. */
export function reactionContent(target: ReactionTarget, emoji: string): proto.IMessage {
  return {
    reactionMessage: {
      key: {
        remoteJid: target.chatJid,
        fromMe: target.fromMe,
        id: target.messageId,
        ...(target.authorJid ? { participant: target.authorJid } : {}),
      },
      text: emoji,
      senderTimestampMs: Date.now(),
    },
  };
}

/** The same content as it goes to the sender's own companions. */
export function deviceSentContent(destinationJid: string, message: proto.IMessage): proto.IMessage {
  return { deviceSentMessage: { destinationJid, message } };
}

export type ContentSummary = Pick<PhoneMessage, 'kind' | 'text' | 'reaction' | 'media'>;

/** What a phone shows of a message; undefined when there is nothing to show (protocol messages, sender keys). */
export function summarize(message: proto.IMessage): ContentSummary | undefined {
  const content = unwrap(message);
  if (content.reactionMessage) {
    const { key, text } = content.reactionMessage;
    return {
      kind: 'reaction',
      text: '',
      reaction: { messageId: key?.id ?? '', emoji: text ?? '' },
    };
  }
  const text = content.conversation ?? content.extendedTextMessage?.text;
  if (typeof text === 'string' && text !== '') return { kind: 'text', text };
  const media = mediaFacts(content);
  if (media) {
    const caption =
      content.imageMessage?.caption ??
      content.videoMessage?.caption ??
      content.documentMessage?.caption;
    return { kind: media.kind, text: caption ?? '', media };
  }
  return carriesContent(content) ? { kind: 'other', text: '' } : undefined;
}

const SILENT = new Set(['senderKeyDistributionMessage', 'messageContextInfo', 'protocolMessage']);

function carriesContent(message: proto.IMessage): boolean {
  return Object.entries(message).some(
    ([field, value]) => value !== null && value !== undefined && !SILENT.has(field),
  );
}

/** The attribute `type` of the stanza that carries a message. */
export function stanzaType(message: proto.IMessage): string {
  if (message.reactionMessage) return 'reaction';
  return mediaFacts(message) ? 'media' : 'text';
}

export function encodeContent(message: proto.IMessage): Uint8Array {
  return proto.Message.encode(message).finish();
}

export function decodeContent(bytes: Uint8Array): proto.Message {
  return proto.Message.decode(bytes);
}

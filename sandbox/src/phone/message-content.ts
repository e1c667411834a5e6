import { randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { unwrap } from './envelopes.js';
import { mediaFacts } from './media-facts.js';

/** A message id of the form that WhatsApp on Android uses: 32 hex digits. */
export function newMessageId(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** Message.deviceSentMessage, and in it `message`: fields of kind "bytes". */
const DEVICE_SENT = Buffer.from([0xfa, 0x01]);
const SENT_MESSAGE = Buffer.from([0x12]);

/** The same content, already encoded, as it goes to the sender's own companions. */
export function deviceSent(destinationJid: string, encoded: Uint8Array): Uint8Array {
  const { DeviceSentMessage } = proto.Message;
  const around = DeviceSentMessage.encode({ destinationJid }).finish();
  const inner = Buffer.concat([around, SENT_MESSAGE, lengthOf(encoded), encoded]);
  return Buffer.concat([DEVICE_SENT, lengthOf(inner), inner]);
}

/** A protobuf varint. */
function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** The attribute `type` of the stanza that carries a message. */
export function stanzaType(message: proto.IMessage): string {
  const inner = unwrap(message);
  if (inner.reactionMessage) return 'reaction';
  if (inner.pollUpdateMessage || inner.pollCreationMessage || inner.pollCreationMessageV3) {
    return 'poll';
  }
  if (inner.eventMessage) return 'event';
  return mediaFacts(inner) ? 'media' : 'text';
}

/** The attribute `edit` of a stanza that changes another message (baileys Socket/messages-send.js). */
export function stanzaEdit(message: proto.IMessage): Record<string, string> {
  const { pinInChatMessage, protocolMessage: change } = unwrap(message);
  if (pinInChatMessage) return { edit: '2' };
  const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;
  if (change?.type === MESSAGE_EDIT) return { edit: '1' };
  if (!change || change.type !== REVOKE) return {};
  return { edit: change.key?.fromMe ? '7' : '8' };
}

export function encodeContent(message: proto.IMessage): Uint8Array {
  return proto.Message.encode(message).finish();
}

export function decodeContent(bytes: Uint8Array): proto.Message {
  return proto.Message.decode(bytes);
}

import type { ContentOf } from '@patchbay/contract';
import { isGroupJid } from '../../../whatsapp/jid.js';
import { proto, type WAMessage, type WAMessageKey } from '../baileys.js';
import { unwrap } from '../from-baileys/envelopes.js';

const ProtocolType = proto.Message.ProtocolMessage.Type;
/** `<message edit>`: what kind of change it carries (`lib/Socket/messages-send.js`, sendMessage). */
const Edit = { message: '1', pin: '2', byAuthor: '7', byAdmin: '8' };
/** A week, as WhatsApp's own clients offer first. */
const PIN_SECONDS = 7 * 86_400;

export interface Action {
  message: proto.IMessage;
  attributes?: Record<string, string>;
}

export function reactionToBaileys(
  { targetId, emoji }: ContentOf<'reaction'>,
  chatJid: string,
  target?: WAMessage,
): Action {
  const key = keyOf(targetId, chatJid, false, target);
  return {
    message: { reactionMessage: { key, text: emoji, senderTimestampMs: Date.now() } },
  };
}

/** Of media only the caption changes; all else is sent again as it was. */
export function editToBaileys(
  { targetId, text, mentions }: ContentOf<'edit'>,
  chatJid: string,
  target?: WAMessage,
): Action {
  const before = unwrap(target?.message ?? {});
  const { imageMessage, videoMessage, documentMessage } = before;
  const contextInfo = mentions?.length ? { mentionedJid: mentions } : undefined;
  let editedMessage: proto.IMessage = { extendedTextMessage: { text, contextInfo } };
  if (imageMessage) editedMessage = { imageMessage: { ...imageMessage, caption: text } };
  if (videoMessage) editedMessage = { videoMessage: { ...videoMessage, caption: text } };
  if (documentMessage) editedMessage = { documentMessage: { ...documentMessage, caption: text } };
  const key = keyOf(targetId, chatJid, true, target);
  const type = ProtocolType.MESSAGE_EDIT;
  return {
    message: { protocolMessage: { key, type, editedMessage, timestampMs: Date.now() } },
    attributes: { edit: Edit.message },
  };
}

export function revokeToBaileys(
  { targetId }: ContentOf<'revoke'>,
  chatJid: string,
  target?: WAMessage,
): Action {
  const key = keyOf(targetId, chatJid, true, target);
  const asAdmin = isGroupJid(chatJid) && !key.fromMe;
  return {
    message: { protocolMessage: { key, type: ProtocolType.REVOKE } },
    attributes: { edit: asAdmin ? Edit.byAdmin : Edit.byAuthor },
  };
}

export function pinToBaileys(
  { targetId, pinned, duration = PIN_SECONDS }: ContentOf<'pin'>,
  chatJid: string,
  target?: WAMessage,
): Action {
  const { PIN_FOR_ALL, UNPIN_FOR_ALL } = proto.Message.PinInChatMessage.Type;
  const key = keyOf(targetId, chatJid, false, target);
  const type = pinned ? PIN_FOR_ALL : UNPIN_FOR_ALL;
  return {
    message: {
      pinInChatMessage: { key, type, senderTimestampMs: Date.now() },
      messageContextInfo: { messageAddOnDurationInSecs: pinned ? duration : 0 },
    },
    attributes: { edit: Edit.pin },
  };
}

/** The timer of a chat with one person; a group's is a setting of the group. */
export function timerToBaileys(seconds: number): Action {
  const protocolMessage = { type: ProtocolType.EPHEMERAL_SETTING, ephemeralExpiration: seconds };
  return { message: { ephemeralMessage: { message: { protocolMessage } } } };
}

/** How the target is named: by the key it was stored with, else as a message of this chat. */
export function keyOf(
  id: string,
  chatJid: string,
  fromMe: boolean,
  target: WAMessage | undefined,
): WAMessageKey {
  if (!target) return { id, remoteJid: chatJid, fromMe };
  const { key, participant } = target;
  const author = key.participant ?? participant;
  return {
    id,
    remoteJid: key.remoteJid ?? chatJid,
    fromMe: key.fromMe ?? fromMe,
    ...(author && isGroupJid(chatJid) && { participant: author }),
  };
}

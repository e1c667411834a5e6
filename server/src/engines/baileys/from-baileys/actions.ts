import { type EventAnswer, type MessageContent, timerText } from '@patchbay/contract';
import { normalizeJid } from '../../../whatsapp/jid.js';
import { proto } from '../baileys.js';

const ProtocolType = proto.Message.ProtocolMessage.Type;
const PinType = proto.Message.PinInChatMessage.Type;
const Response = proto.Message.EventResponseMessage.EventResponseType;

/** The text of an edited message: the text itself, or the caption of media. */
type ShownText = (message: proto.IMessage) => string;

/**
 * Messages about another message. Votes and answers are encrypted once more under the secret of the
 * message that they are for (secret-content.ts opens them); here they are known to be one.
 */
export function actionFrom(message: proto.IMessage, shown: ShownText): MessageContent | undefined {
  const { reactionMessage, pollUpdateMessage, encEventResponseMessage, protocolMessage } = message;
  if (reactionMessage?.key?.id) {
    return {
      type: 'reaction',
      targetId: reactionMessage.key.id,
      emoji: reactionMessage.text ?? '',
    };
  }
  const pollId = pollUpdateMessage?.pollCreationMessageKey?.id;
  if (pollId) return { type: 'poll_vote', targetId: pollId, options: [], unreadable: true };
  const eventId = encEventResponseMessage?.eventCreationMessageKey?.id;
  if (eventId) {
    return { type: 'event_response', targetId: eventId, response: 'maybe', unreadable: true };
  }
  if (message.pinInChatMessage) return pinFrom(message);
  return protocolMessage ? changeFrom(protocolMessage, shown) : undefined;
}

function pinFrom(message: proto.IMessage): MessageContent | undefined {
  const targetId = message.pinInChatMessage?.key?.id;
  if (!targetId) return undefined;
  const pinned = message.pinInChatMessage?.type === PinType.PIN_FOR_ALL;
  const duration = message.messageContextInfo?.messageAddOnDurationInSecs;
  return { type: 'pin', targetId, pinned, ...(pinned && duration && { duration }) };
}

function changeFrom(
  change: proto.Message.IProtocolMessage,
  shown: ShownText,
): MessageContent | undefined {
  const targetId = change.key?.id;
  if (!targetId) return undefined;
  if (change.type === ProtocolType.REVOKE) return { type: 'revoke', targetId };
  if (change.type !== ProtocolType.MESSAGE_EDIT || !change.editedMessage) return undefined;
  const context = change.editedMessage.extendedTextMessage?.contextInfo;
  const mentions = context?.mentionedJid?.map(normalizeJid);
  return {
    type: 'edit',
    targetId,
    text: shown(change.editedMessage),
    ...(mentions?.length && { mentions }),
  };
}

const RESPONSES: Partial<
  Record<proto.Message.EventResponseMessage.EventResponseType, EventAnswer>
> = {
  [Response.GOING]: 'going',
  [Response.NOT_GOING]: 'not_going',
  [Response.MAYBE]: 'maybe',
};

/** A decrypted answer to an event; undefined for one that this version does not know. */
export function responseFrom(
  targetId: string,
  { response, extraGuestCount }: proto.Message.IEventResponseMessage,
): MessageContent | undefined {
  const answer = response ? RESPONSES[response] : undefined;
  if (!answer) return undefined;
  return {
    type: 'event_response',
    targetId,
    response: answer,
    ...(extraGuestCount && { extraGuests: extraGuestCount }),
  };
}

/** Of the messages between devices, only a chat's settings are shown to people. */
export function settingFrom(setting: proto.Message.IProtocolMessage): MessageContent | undefined {
  if (setting.type !== ProtocolType.EPHEMERAL_SETTING) return undefined;
  return timerContent(setting.ephemeralExpiration ?? 0);
}

/** @param seconds 0 is off */
export function timerContent(seconds: number): MessageContent {
  return { type: 'system', text: timerText(seconds), action: 'disappearing_timer', seconds };
}

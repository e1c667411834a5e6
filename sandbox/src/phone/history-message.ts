import { proto } from 'baileys/WAProto/index.js';
import type { Account } from '../protocol/seam.js';
import { ANSWERS, optionHash } from './kinds/secrets.js';
import { decodeContent } from './message-content.js';
import type { PhoneMessage } from './message-log.js';
import type { PhoneContext } from './phone-context.js';

const { StubType } = proto.WebMessageInfo;

/** What was done to messages, by the message that it was done to. */
export type ActionsByTarget = Map<string, PhoneMessage[]>;

export function actionsByTarget(messages: PhoneMessage[]): ActionsByTarget {
  const byTarget: ActionsByTarget = new Map();
  for (const message of messages) {
    const target = message.target ?? message.reaction?.messageId;
    if (target === undefined) continue;
    byTarget.set(target, [...(byTarget.get(target) ?? []), message]);
  }
  return byTarget;
}

/**
 * A message as a phone hands it over in its history: as it is now, with the reactions, votes and
 * answers to it inside.
 * @param other the other side; undefined in groups
 */
export function historyMessage(
  context: PhoneContext,
  message: PhoneMessage,
  other: Account | undefined,
  actions: PhoneMessage[],
): proto.IWebMessageInfo {
  const author = context.directory.byPhone(message.from);
  const own = message.status === 'read' ? 4 : message.status === 'delivered' ? 3 : 2;
  const keyOf = ({ id, fromMe, from }: PhoneMessage): proto.IMessageKey => ({
    remoteJid: other?.lid ?? message.chat,
    fromMe,
    id,
    ...(other ? {} : { participant: context.directory.byPhone(from)?.lid ?? '' }),
  });
  const about = {
    key: keyOf(message),
    messageTimestamp: Math.floor(Date.parse(message.at) / 1000),
    status: message.fromMe ? own : 3,
    ...(author && !message.fromMe ? { pushName: author.name } : {}),
  };
  if (message.revoked) return { ...about, messageStubType: StubType.REVOKE };
  return {
    ...about,
    message: contentOf(context, message, actions),
    ...additions(actions, keyOf),
  };
}

/** What it says; of an edited message what it says now. */
function contentOf(
  context: PhoneContext,
  message: PhoneMessage,
  actions: PhoneMessage[],
): proto.IMessage {
  const edit = actions.findLast(({ kind, from }) => kind === 'edit' && from === message.from);
  const content = context.log.content(edit?.id ?? message.id);
  if (!content) return { conversation: message.text };
  const decoded = decodeContent(content);
  const change = decoded.editedMessage?.message?.protocolMessage;
  return change ? { editedMessage: { message: { protocolMessage: change } } } : decoded;
}

function additions(
  actions: PhoneMessage[],
  keyOf: (action: PhoneMessage) => proto.IMessageKey,
): Partial<proto.IWebMessageInfo> {
  const last = new Map<string, PhoneMessage>();
  for (const action of actions) last.set(`${action.kind} ${action.from}`, action);
  const info = {
    reactions: [] as proto.IReaction[],
    pollUpdates: [] as proto.IPollUpdate[],
    eventResponses: [] as proto.IEventResponse[],
    pinInChat: undefined as proto.IPinInChat | undefined,
  };
  for (const action of last.values()) {
    const key = keyOf(action);
    const at = Date.parse(action.at);
    const { reaction, vote, response, kind } = action;
    if (reaction?.emoji) info.reactions.push({ key, text: reaction.emoji, senderTimestampMs: at });
    if (vote) {
      const selectedOptions = vote.map(optionHash);
      info.pollUpdates.push({
        pollUpdateMessageKey: key,
        vote: { selectedOptions },
        senderTimestampMs: at,
      });
    }
    if (response) {
      const eventResponseMessage = {
        response: ANSWERS[response.response],
        extraGuestCount: response.extraGuests,
      };
      info.eventResponses.push({
        eventResponseMessageKey: key,
        eventResponseMessage,
        timestampMs: at,
      });
    }
    if (kind === 'pin' && action.pinned) {
      const type = proto.PinInChat.Type.PIN_FOR_ALL;
      const addOn = { messageAddOnDurationInSecs: action.seconds ?? 604_800 };
      info.pinInChat = { type, key, senderTimestampMs: at, messageAddOnContextInfo: addOn };
    }
  }
  const { pinInChat, ...lists } = info;
  return { ...lists, ...(pinInChat && { pinInChat }) };
}

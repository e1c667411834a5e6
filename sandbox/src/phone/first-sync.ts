import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import type { Account, CompanionInfo } from '../protocol/seam.js';
import { appStateKey } from './app-state-key.js';
import { ensureSessions, type TargetDevice, targetDevice } from './device-lookup.js';
import { isGroupJid } from './directory.js';
import { encNode } from './enc-nodes.js';
import { type GroupInfo, listGroups } from './group-messages.js';
import { isAction } from './kinds/shown.js';
import { encodeContent, newMessageId } from './message-content.js';
import type { PhoneMessage } from './message-log.js';
import type { PhoneContext } from './phone-context.js';

const compress = promisify(deflate);
const sentKey = (companion: CompanionInfo) => `first-sync-sent/${companion.device}`;

/** Whether this companion has got its first messages (a device number may be given anew after an unlink). */
export function hasFirstSync(context: PhoneContext, companion: CompanionInfo): boolean {
  return context.records.getJson<number>(sentKey(companion)) === companion.linkedAt;
}

/**
 * What a phone tells a companion that it has just linked: the key of the app state, then its chats so
 * far, inline in the notification. Sent as "peer" messages, which only the own devices accept.
 * Nothing is sent twice to the same link.
 * @returns false when the companion has no key bundle yet; to be tried again later
 */
export async function sendFirstSync(
  context: PhoneContext,
  companion: CompanionInfo,
): Promise<boolean> {
  if (hasFirstSync(context, companion)) return true;
  const account = context.account();
  const [device] = await ensureSessions(context, [targetDevice(account, companion.device)], true);
  if (!device) return false;
  const history = await buildHistory(context, await listGroups(context));
  await sendPeer(context, device, {
    appStateSyncKeyShare: { keys: [appStateKey(context)] },
    type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE,
  });
  await sendPeer(context, device, {
    type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      syncType: proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
      chunkOrder: 1,
      progress: 100,
      initialHistBootstrapInlinePayload: await compress(proto.HistorySync.encode(history).finish()),
    },
  });
  context.records.setJson(sentKey(companion), companion.linkedAt);
  return true;
}

/** A message that only devices of the same account accept. */
export async function sendPeer(
  context: PhoneContext,
  device: TargetDevice,
  protocolMessage: proto.Message.IProtocolMessage,
): Promise<void> {
  const encrypted = await context.signal.encrypt(device, encodeContent({ protocolMessage }));
  const { phone } = context.account();
  context.send({
    tag: 'message',
    attrs: {
      to: `${phone}:${device.device}@s.whatsapp.net`,
      id: newMessageId(),
      type: 'text',
      category: 'peer',
    },
    content: [encNode(encrypted)],
  });
}

async function buildHistory(
  context: PhoneContext,
  groups: GroupInfo[],
): Promise<proto.IHistorySync> {
  const chats = new Map<string, PhoneMessage[]>(groups.map((group) => [group.id, []]));
  for (const message of context.log.all()) {
    if (isAction(message.kind) || message.status === 'failed') continue;
    const chat = chats.get(message.chat);
    if (chat) chat.push(message);
    else chats.set(message.chat, [message]);
  }
  const accounts = context.server.accounts();
  return {
    syncType: proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
    chunkOrder: 1,
    progress: 100,
    conversations: [...chats].flatMap(([chat, messages]) =>
      conversation(context, chat, messages, groups),
    ),
    pushnames: accounts.map((each) => ({ id: each.pn, pushname: each.name })),
    phoneNumberToLidMappings: accounts.map((each) => ({ pnJid: each.pn, lidJid: each.lid })),
  };
}

function conversation(
  context: PhoneContext,
  chat: string,
  messages: PhoneMessage[],
  groups: GroupInfo[],
): proto.IConversation[] {
  const other = isGroupJid(chat) ? undefined : context.directory.byPhone(chat);
  const group = groups.find((each) => each.id === chat);
  if (!other && !group) return [];
  const unread = messages.filter((each) => !each.fromMe && each.status !== 'read').length;
  const last = messages.at(-1);
  return [
    {
      id: other?.lid ?? chat,
      ...(other ? { lidJid: other.lid, pnJid: other.pn } : {}),
      name: other?.name ?? group?.subject ?? '',
      unreadCount: unread,
      ...(last ? { conversationTimestamp: seconds(last) } : {}),
      // Newest first, as WhatsApp sends them.
      messages: messages.toReversed().map((message, index) => ({
        message: webMessage(context, message, other),
        msgOrderId: messages.length - index,
      })),
    },
  ];
}

function webMessage(
  context: PhoneContext,
  message: PhoneMessage,
  other: Account | undefined,
): proto.IWebMessageInfo {
  const author = context.directory.byPhone(message.from);
  const own = message.status === 'read' ? 4 : message.status === 'delivered' ? 3 : 2;
  const content = context.log.content(message.id);
  return {
    key: {
      remoteJid: other?.lid ?? message.chat,
      fromMe: message.fromMe,
      id: message.id,
      ...(other ? {} : { participant: author?.lid ?? '' }),
    },
    message: content ? proto.Message.decode(content) : { conversation: message.text },
    messageTimestamp: seconds(message),
    status: message.fromMe ? own : 3,
    ...(author && !message.fromMe ? { pushName: author.name } : {}),
  };
}

function seconds(message: PhoneMessage): number {
  return Math.floor(Date.parse(message.at) / 1000);
}

import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import type { CompanionInfo } from '../protocol/seam.js';
import { appStateKey } from './app-state-key.js';
import { chatSettings } from './chat-settings.js';
import { ensureSessions, type TargetDevice, targetDevice } from './device-lookup.js';
import { isGroupJid } from './directory.js';
import { encNode } from './enc-nodes.js';
import { type GroupInfo, listGroups } from './group-messages.js';
import { type ActionsByTarget, actionsByTarget, historyMessage } from './history-message.js';
import { isAction } from './kinds/shown.js';
import { timerKey } from './kinds/write.js';
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
  const all = context.log.all();
  const actions = actionsByTarget(all);
  for (const message of all) {
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
      conversation(context, chat, messages, groups, actions),
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
  actions: ActionsByTarget,
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
      ...settingsOf(context, chat),
      ...(last ? { conversationTimestamp: seconds(last) } : {}),
      // Newest first, as WhatsApp sends them.
      messages: messages.toReversed().map((message, index) => ({
        message: historyMessage(context, message, other, actions.get(message.id) ?? []),
        msgOrderId: messages.length - index,
      })),
    },
  ];
}

function settingsOf(context: PhoneContext, chat: string): proto.IConversation {
  const settings = chatSettings(context).chats[chat] ?? {};
  const { archived, pinned, mutedUntil, markedUnread } = settings;
  const timer = context.records.getJson<number>(timerKey(chat));
  return {
    ...(archived !== undefined && { archived }),
    ...(pinned !== undefined && { pinned: pinned ? Math.floor(Date.now() / 1000) : 0 }),
    ...(mutedUntil !== undefined && { muteEndTime: mutedUntil }),
    ...(markedUnread !== undefined && { markedAsUnread: markedUnread }),
    ...(timer !== undefined && { ephemeralExpiration: timer }),
  };
}

function seconds(message: PhoneMessage): number {
  return Math.floor(Date.parse(message.at) / 1000);
}

import { deleteChat, unmark } from '../chat-settings.js';
import { line } from '../line.js';
import { dropMessage, loadEarlier, quotedBy } from '../messages.js';
import { addAndSend, sendAbout } from '../outgoing.js';
import { type Chat, Chats, type Msg } from '../stores.js';
import { chatOf, MsgKey, type Wid } from '../wid.js';
import { pollVoteTableMode, reactionTableMode } from './addons.js';

/** Messages that come from the page's database at a time. */
const PORTION = 20;

const LINK = /\bhttps?:\/\/[^\s<>]+/gi;

const findLinks = (text: string | undefined) =>
  [...(text ?? '').matchAll(LINK)].map(([href]) => ({ href }));

interface Chosen {
  list: Msg[];
}

async function revoke(_chat: Chat, { list }: Chosen): Promise<void> {
  for (const msg of list) {
    await sendAbout(msg, { kind: 'revoke', target: msg.id.id });
    msg.set({ type: 'revoked', body: undefined, caption: undefined });
  }
}

async function edit(
  msg: Msg,
  text: string,
  { mentionedJidList: mentions = [] }: { mentionedJidList?: Wid[] } = {},
): Promise<void> {
  await sendAbout(msg, { kind: 'edit', target: msg.id.id, text }, { mentions });
  msg.set(msg.directPath ? { caption: text } : { body: text });
}

async function forward({ chat, msgs }: { chat: Chat; msgs: Msg[] }): Promise<void> {
  for (const msg of msgs)
    await sendAbout(msg, { kind: 'forward', target: msg.id.id }, { chat: chat.id });
}

const PIN = 1;

async function pin(msg: Msg, action: number, seconds: number) {
  await sendAbout(msg, { kind: 'pin', target: msg.id.id, pinned: action === PIN, seconds });
  return { messageSendResult: 'OK' };
}

const typing = (state: 'composing' | 'recording' | 'paused') => (wid: Wid) =>
  line.request('typing', { chat: chatOf(wid), state });

/** What Cmd is asked to do with messages. */
export const messageCommands = {
  sendRevokeMsgs: revoke,
  sendDeleteMsgs: async (_chat: Chat, { list }: Chosen) => {
    for (const msg of list) dropMessage(msg);
  },
};

export const messageModules: Record<string, unknown> = {
  WAWebMsgKey: MsgKey,
  WAWebBackendJobsCommon: { mediaTypeFromProtobuf: () => null },
  WAWebE2EProtoUtils: { typeAttributeFromProtobuf: () => 'text' },
  WAWebAddonReactionTableMode: { reactionTableMode },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode },
  WALinkify: { findLinks, findLink: (text: string | undefined) => findLinks(text)[0] },
  WAWebLinkPreviewChatAction: { getLinkPreview: async () => null },
  WAWebChatGetters: {
    getIsNewsletter: ({ id }: Chat) => id.isNewsletter(),
    getIsBroadcast: ({ id }: Chat) => id.isBroadcast(),
  },
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WAWebSendMsgChatAction: {
    addAndSendMsgToChat: (_chat: Chat, raw: Parameters<typeof addAndSend>[0]) => addAndSend(raw),
  },
  WAWebMsgReply: { canReplyMsg: () => true },
  WAWebQuotedMsgModelUtils: { getQuotedMsgObj: quotedBy },
  WAWebMsgActionCapability: {
    canSenderRevokeMsg: ({ id }: Msg) => id.fromMe,
    canAdminRevokeMsg: ({ id }: Msg) => Chats.get(id.remote)?.iAmAdmin() ?? false,
    canEditText: ({ id, type }: Msg) => id.fromMe && type === 'chat',
    canEditCaption: ({ id, type }: Msg) => id.fromMe && (type === 'image' || type === 'video'),
  },
  WAWebSendMessageEditAction: { sendMessageEdit: edit },
  WAWebSendReactionMsgAction: {
    sendReactionToMsg: (msg: Msg, emoji: string) =>
      sendAbout(msg, { kind: 'reaction', target: msg.id.id, emoji }),
  },
  WAWebPinMsgConstants: { getPinExpiryDuration: () => 604_800 },
  WAWebSendPinMessageAction: { sendPinInChatMsg: pin },
  WAWebChatForwardMessage: { forwardMessages: forward },
  WAWebVcardParsingUtils: {
    parseVcard: (text: string) => ({ name: /^FN[^:]*:(.*)$/m.exec(text)?.[1]?.trim() ?? '' }),
  },
  WAWebVcardGetNameFromParsed: { vcardGetNameFromParsed: ({ name }: { name: string }) => name },
  WAWebUpdateUnreadChatAction: {
    sendSeen: async ({ chat }: { chat: Chat }) => {
      if (chat.unreadCount === 0) return;
      await unmark(chat);
      await line.request('read', { chat: chatOf(chat.id) });
      chat.set({ unreadCount: 0 });
    },
  },
  WAWebChatLoadMessages: {
    loadEarlierMsgs: async ({ chat }: { chat: Chat }) => loadEarlier(chat, PORTION),
  },
  WAWebDeleteChatAction: { sendDelete: deleteChat },
  WAWebChatStateBridge: {
    sendChatStateComposing: typing('composing'),
    sendChatStateRecording: typing('recording'),
    sendChatStatePaused: typing('paused'),
  },
};

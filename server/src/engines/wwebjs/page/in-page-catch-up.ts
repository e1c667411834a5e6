import type { PageMessageData, PageModel, PageReaction, PageWindow } from './page-window.js';

// What runs in the page: each function is sent there as text, so it uses nothing from around it.
declare const window: PageWindow;

export interface PeopleInPage {
  chats: { id: string; name?: string; unreadCount?: number; archived?: boolean }[];
  contacts: { id: string; name?: string; pushName?: string }[];
}

/** All chats and contacts. */
export function peopleNow(): PeopleInPage {
  const { Chat, Contact } = window.require('WAWebCollections');
  return {
    chats: Chat.getModelsArray().map((chat) => {
      const name = chat.formattedTitle ?? chat.name;
      return {
        id: chat.id._serialized,
        ...(name && { name }),
        ...(chat.unreadCount !== undefined && { unreadCount: chat.unreadCount }),
        ...(chat.archive !== undefined && { archived: chat.archive }),
      };
    }),
    contacts: Contact.getModelsArray().map(({ id, name, pushname }) => ({
      id: id._serialized,
      ...(name && { name }),
      ...(pushname && { pushName: pushname }),
    })),
  };
}

/** Chats in which something was said since then (seconds), the latest first. */
export function chatsSince(since: number): string[] {
  return window
    .require('WAWebCollections')
    .Chat.getModelsArray()
    .filter(({ t = 0 }) => t >= since)
    .sort((a, b) => (b.t ?? 0) - (a.t ?? 0))
    .map(({ id }) => id._serialized);
}

/**
 * Messages of a chat from before one of them, as far as the page has them: the last ones, oldest first.
 * @param before seconds; where the page has the message itself, what stands before it
 */
export async function saidBefore(
  chatId: string,
  { id, before }: { id: string; before: number },
  count: number,
): Promise<PageMessageData[]> {
  const chat = await window.WWebJS.getChat(chatId, { getAsModel: false });
  if (!chat) return [];
  const { loadEarlierMsgs } = window.require('WAWebChatLoadMessages');
  const older = (messages: PageModel[]) => {
    const at = messages.findIndex((message) => message.id.id === id);
    return at >= 0 ? messages.slice(0, at) : messages.filter(({ t = 0 }) => t < before);
  };
  let all = chat.msgs.getModelsArray().sort((a, b) => (a.t ?? 0) - (b.t ?? 0));
  while (older(all).length < count) {
    const loaded = await loadEarlierMsgs({ chat });
    if (!loaded?.length) break;
    all = [...loaded, ...all].sort((a, b) => (a.t ?? 0) - (b.t ?? 0));
  }
  return older(all)
    .slice(-count)
    .map((message) => window.WWebJS.getMessageModel(message));
}

/** What was said in a chat, and what was done there to messages. */
export interface SaidInChat {
  /** Oldest first. */
  messages: PageMessageData[];
  /** Of messages of the account's own how far they have come. */
  own: { chatId: string; id: string; ack: number }[];
  edited: PageMessageData[];
  revoked: PageMessageData[];
  reactions: PageReaction[];
}

/**
 * What a chat has from a moment on. In the page's memory is little of it, often only the last message:
 * the rest is loaded from the page's own database.
 * @param since seconds, of messages, and of what was done
 * @param targetsSince seconds: to messages as old as that
 */
export async function saidInChat(
  chatId: string,
  since: number,
  targetsSince: number,
  most: number,
): Promise<SaidInChat> {
  const said: SaidInChat = { messages: [], own: [], edited: [], revoked: [], reactions: [] };
  const chat = await window.WWebJS.getChat(chatId, { getAsModel: false });
  if (!chat) return said;
  const { loadEarlierMsgs } = window.require('WAWebChatLoadMessages');
  // Of one second only the order in which they are given tells which was first.
  const inOrder = (messages: PageModel[]) => messages.sort((a, b) => (a.t ?? 0) - (b.t ?? 0));
  let all = inOrder(chat.msgs.getModelsArray());
  while (all.length < most && (all[0]?.t ?? since) >= targetsSince) {
    const loaded = await loadEarlierMsgs({ chat });
    if (!loaded?.length) break;
    all = inOrder([...loaded, ...all]);
  }
  const { Reactions } = window.require('WAWebCollections');
  for (const message of all.slice(-most)) {
    const { t = 0, type, latestEditSenderTimestampMs: editedAt = 0 } = message;
    const model = () => window.WWebJS.getMessageModel(message);
    if (t >= since) said.messages.push(model());
    if (t < targetsSince) continue;
    if (type === 'revoked') said.revoked.push(model());
    if (message.id.fromMe && t < since)
      said.own.push({ chatId, id: message.id.id, ack: message.ack ?? 0 });
    if (editedAt > 0 && editedAt >= since * 1000) said.edited.push(model());
    if (!message.hasReaction) continue;
    const found = await Reactions.find(message.id._serialized);
    const senders = (found?.reactions?.serialize() ?? []).flatMap((reaction) => reaction.senders);
    said.reactions.push(...senders.filter(({ timestamp }) => timestamp >= since * 1000));
  }
  return said;
}

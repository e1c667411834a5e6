import { line } from './line.js';
import { type Chat, Chats, Mute } from './stores.js';
import type { ChatSetting, SettingChange } from './talk.js';
import { chatOf, chatWid } from './wid.js';

/** WhatsApp Web's number of unread messages where a chat was marked as unread by hand. */
const BY_HAND = -1;

/** What the account's devices share about its chats; what is as before is not told. */
export function noteSettings(chats: Record<string, ChatSetting>): void {
  for (const [name, settings] of Object.entries(chats)) {
    const chat = Chats.get(chatWid(name));
    if (chat) note(chat, settings);
  }
}

function note(chat: Chat, { archived, pinned, mutedUntil = 0, markedUnread }: ChatSetting): void {
  const expiration = mutedUntil > 0 ? Math.floor(mutedUntil / 1000) : mutedUntil;
  if (chat.mute.expiration !== expiration) {
    chat.mute.set({ expiration });
    chat.trigger('change:mute', chat, chat.mute);
  }
  const isByHand = chat.unreadCount === BY_HAND;
  const unreadCount = markedUnread ? BY_HAND : isByHand ? 0 : chat.unreadCount;
  const pin = pinned ? chat.pin || Date.now() : 0;
  chat.set({ archive: archived ?? false, pin, unreadCount });
}

const ask = (chat: Chat, change: SettingChange) =>
  line.request('setting', { chat: chatOf(chat.id), change });

Mute.change = async (mute, expiration) => {
  const chat = Chats.filter((each) => each.mute === mute)[0];
  const mutedUntil = expiration > 0 ? expiration * 1000 : expiration;
  if (chat) await ask(chat, { mutedUntil });
};

/** What Cmd is asked to do with chats. */
export const chatCommands = {
  archiveChat: (chat: Chat, archived: boolean) => ask(chat, { archived }),
  pinChat: (chat: Chat, pinned: boolean) => ask(chat, { pinned }),
  markChatUnread: (chat: Chat, unread: boolean) => ask(chat, { unread }),
};

/** The account has read a chat that was marked by hand. */
export async function unmark(chat: Chat): Promise<void> {
  if (chat.unreadCount === BY_HAND) await ask(chat, { unread: false });
}

export async function deleteChat(chat: Chat): Promise<void> {
  await ask(chat, { deleted: true });
  Chats.remove(chat);
}

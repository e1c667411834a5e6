import type { ChatAbilities } from '../../engine-abilities.js';
import { EngineError } from '../../engine-error.js';
import type { EngineChatSettings, EngineEvent } from '../../engine-events.js';
import type { BrowserPage, Library } from './library.js';
import type { PageChat, PageWindow } from './page-window.js';
import { jidOf, type OtherNames, pageId } from './wids.js';

declare const window: PageWindow;

type Changes = { [Name in keyof ChatAbilities]: (...args: unknown[]) => Promise<void> };

/** Settings of chats, as the account's devices share them. */
export class ChatSettings {
  constructor(
    private readonly library: Library,
    private readonly page: BrowserPage,
    private readonly names: OtherNames,
    private readonly tell: (event: EngineEvent) => void,
  ) {}

  /** @throws {EngineError} refused, not-found */
  async act(name: keyof ChatAbilities, args: unknown[]): Promise<void> {
    const [jid, ...values] = args as [string, ...unknown[]];
    await this.changes[name](pageId(jid), ...values);
  }

  private readonly changes: Changes = {
    setArchived: async (id, archived) => {
      if (archived) await this.library.archiveChat(id as string);
      else await this.library.unarchiveChat(id as string);
    },
    setPinned: async (id, pinned) => {
      if (!pinned) await this.library.unpinChat(id as string);
      else if (!(await this.library.pinChat(id as string))) throw refused('three chats are pinned');
    },
    setMuted: async (id, until) => {
      if (until === null) await this.library.unmuteChat(id as string);
      else if (until === -1) await this.library.muteChat(id as string);
      else await this.library.muteChat(id as string, new Date(until as number));
    },
    setUnread: async (id, unread) => {
      if (unread) await this.library.markChatUnread(id as string);
      else await this.library.sendSeen(id as string);
    },
    delete: async (id) => {
      const found = await this.page.evaluate(
        (chatId: string) => window.WWebJS.sendDeleteChat(chatId),
        id as string,
      );
      if (!found) throw new EngineError('not-found', 'There is no such chat', true);
    },
  };

  /** Tells what is set now, and from then on what becomes other. To be called after each load of the page. */
  async listen(): Promise<void> {
    if (!(await this.page.evaluate(() => 'patchbaySettings' in window))) {
      await this.page.exposeFunction('patchbaySettings', (set: SetInPage) => this.say([set]));
    }
    await this.say(await this.page.evaluate(listenToSettings));
  }

  private async say(all: SetInPage[]): Promise<void> {
    if (all.length === 0) return;
    const others = await this.names.of(all.map(({ id }) => jidOf(id)));
    const chats = all.map(({ id, archived, pinned, muted, unread }): EngineChatSettings => {
      const jid = jidOf(id);
      const altJid = others.get(jid);
      return {
        jid,
        ...(altJid && { altJid }),
        ...{ archived, pinned },
        mutedUntil: muted === 0 ? null : muted > 0 ? muted * 1000 : -1,
        ...(unread <= 0 && { markedUnread: unread < 0 }),
      };
    });
    this.tell({ type: 'chat-settings', chats });
  }
}

/** A chat's settings as the page has them. */
interface SetInPage {
  id: string;
  archived: boolean;
  pinned: boolean;
  /** Until when (seconds); 0: not, -1: for ever. */
  muted: number;
  /** Messages; -1: marked by hand. */
  unread: number;
}

/** Runs in the page. @returns chats of which anything is set */
function listenToSettings(): SetInPage[] {
  const { Chat } = window.require('WAWebCollections');
  const setOf = (chat: PageChat): SetInPage => ({
    id: chat.id._serialized,
    archived: chat.archive === true,
    pinned: Boolean(chat.pin),
    muted: chat.mute?.expiration ?? 0,
    unread: chat.unreadCount ?? 0,
  });
  // How many are unread is our own count.
  const textOf = (set: SetInPage) => JSON.stringify({ ...set, unread: Math.min(set.unread, 1) });
  const told = new Map(Chat.getModelsArray().map((chat) => [chat, textOf(setOf(chat))]));
  if (!window.patchbayListens) {
    window.patchbayListens = true;
    Chat.on('change:archive change:pin change:mute change:unreadCount', (chat) => {
      const set = setOf(chat);
      if (told.get(chat) === textOf(set)) return;
      told.set(chat, textOf(set));
      window.patchbaySettings(set);
    });
  }
  return Chat.getModelsArray()
    .map(setOf)
    .filter(({ archived, pinned, muted, unread }) => archived || pinned || muted || unread < 0);
}

function refused(why: string): EngineError {
  return new EngineError('refused', `WhatsApp Web refuses it: ${why}`, true);
}

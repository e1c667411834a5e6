import { EngineError } from '../../engine-error.js';
import type { BrowserPage, Library } from './library.js';
import type { PageWindow } from './page-window.js';
import { pageId } from './wids.js';

declare const window: PageWindow;

const STATES = { composing: 'typing', recording: 'recording', paused: 'stop' } as const;

/** WhatsApp Web reads chats, not messages. */
export async function markRead(page: BrowserPage, chatJid: string): Promise<void> {
  const seen = await page.evaluate((id: string) => window.WWebJS.sendSeen(id), pageId(chatJid));
  if (!seen) throw new EngineError('not-found', 'There is no such chat', true);
}

export async function chatState(
  page: BrowserPage,
  chatJid: string,
  state: keyof typeof STATES,
): Promise<void> {
  await page.evaluate(
    async (word: 'typing' | 'recording' | 'stop', id: string) => {
      await window.WWebJS.sendChatstate(word, id);
    },
    STATES[state],
    pageId(chatJid),
  );
}

export async function presence(library: Library, available: boolean): Promise<void> {
  if (available) await library.sendPresenceAvailable();
  else await library.sendPresenceUnavailable();
}

import type { ChatEnd } from '../../engine-abilities.js';
import type { EngineEvent, EngineMessage } from '../../engine-events.js';
import { groupFromPage } from './from-page/group.js';
import { messageFromPage } from './from-page/message.js';
import type { Heard } from './heard.js';
import {
  chatsSince,
  type PeopleInPage,
  peopleNow,
  type SaidInChat,
  saidBefore,
  saidInChat,
} from './in-page-catch-up.js';
import { groupsNow, ownIdentity } from './in-page-reading.js';
import type { BrowserPage } from './library.js';
import type { PageMessageData } from './page-window.js';
import { jidOf, pageId } from './wids.js';

const DAY = 24 * 3600;
/** After a link: so many chats, and of each so many messages, are the history. */
const MOST_CHATS = 200;
const MOST_OF_HISTORY = 50;
/** What was missed: all of it, up to what a page can hold. */
const MOST_MISSED = 5000;

/** What the page has and did not tell. */
export interface FoundInPage extends PeopleInPage {
  said: SaidInChat[];
}

export interface Identity {
  jid: string;
  lid?: string;
  name?: string;
  platform?: string;
}

export async function identityIn(page: BrowserPage): Promise<Identity> {
  const { jid, lid, name, platform } = await page.evaluate(ownIdentity);
  const own = jid ?? lid;
  if (!own) throw new Error('WhatsApp Web does not say who is logged in');
  return {
    jid: jidOf(own),
    ...(lid && { lid: jidOf(lid) }),
    ...(name && { name }),
    ...(platform && { platform }),
  };
}

/** @param since milliseconds; undefined: all that is history after a link */
export async function whatIsThere(page: BrowserPage, since?: number): Promise<FoundInPage> {
  const from = fullSecond(since ?? 0);
  const most = since === undefined ? MOST_OF_HISTORY : MOST_MISSED;
  const targetsFrom = Math.max(0, from - DAY);
  const said: SaidInChat[] = [];
  const ids = await page.evaluate(chatsSince, targetsFrom);
  for (const id of since === undefined ? ids.slice(0, MOST_CHATS) : ids) {
    said.push(await page.evaluate(saidInChat, id, from, targetsFrom, most));
  }
  return { said, ...(await page.evaluate(peopleNow)) };
}

export async function tellGroups(
  page: BrowserPage,
  heard: Heard,
  tell: (event: EngineEvent) => void,
): Promise<void> {
  const groups = [];
  for (const group of await page.evaluate(groupsNow)) {
    groups.push(await groupFromPage(group, heard.names));
  }
  heard.knows(groups);
  tell({ type: 'groups', groups, present: groups.map(({ jid }) => jid) });
}

/**
 * Tells what the page has and did not tell: the library listens only once the page is ready, and what came
 * before, while we were away or during a reload, is in the page's memory and database.
 * @param source `live`: while we were connected, so the page has reloaded
 */
export async function tellMissed(
  { said }: FoundInPage,
  heard: Heard,
  source: 'offline' | 'live',
): Promise<void> {
  const messages = said.flatMap((chat) => chat.messages).sort((a, b) => a.t - b.t);
  for (const data of messages) await heard.arrived(data, source);
  for (const { own } of said) heard.reached(own);
  for (const { edited, revoked, reactions } of said) await heard.missed(edited, revoked, reactions);
}

const fullSecond = (time: number) => Math.floor(time / 1000);

/** Older messages of a chat that the page has, as history. */
export async function olderMessages(
  page: BrowserPage,
  heard: Heard,
  chatJid: string,
  { id, timestamp }: ChatEnd,
  count: number,
): Promise<EngineEvent> {
  const place = { id, before: fullSecond(timestamp) };
  const found = await page.evaluate(saidBefore, pageId(chatJid), place, count);
  const messages = await messagesIn(found, heard);
  const nobody = { contacts: [], chats: [] };
  return { type: 'history-sync', messages, ...nobody, atLink: false, done: true };
}

async function messagesIn(found: PageMessageData[], heard: Heard): Promise<EngineMessage[]> {
  const messages: EngineMessage[] = [];
  for (const data of found) {
    if (!heard.isWanted(jidOf(data.id.remote))) continue;
    heard.isOurs(data.id.id);
    const message = await messageFromPage(data, heard.me, heard.names);
    if (message) messages.push(message);
  }
  return messages;
}

/** After a link: what the phone handed over. @param before milliseconds; what came later is news */
export async function historyOf(
  found: FoundInPage,
  heard: Heard,
  before = Infinity,
): Promise<EngineEvent> {
  const old = found.said.flatMap((chat) => chat.messages).filter(({ t }) => t < fullSecond(before));
  const messages = await messagesIn(old, heard);
  const people = [...found.chats, ...found.contacts].map(({ id }) => jidOf(id));
  const others = await heard.names.of(people);
  const named = <Item extends { id: string }>({ id, ...rest }: Item) => {
    const jid = jidOf(id);
    const altJid = others.get(jid);
    return { jid, ...(altJid && { altJid }), ...rest };
  };
  return {
    type: 'history-sync',
    messages,
    contacts: found.contacts.map(named),
    chats: found.chats.map(({ unreadCount, archived, ...chat }) => ({
      ...named(chat),
      settings: {
        ...(unreadCount !== undefined && { unreadCount }),
        ...(archived !== undefined && { archived }),
      },
    })),
    atLink: true,
    done: true,
  };
}

import { api, listen } from './api.js';

/** Kinds that say something about another message and are no bubble of their own. */
const ACTIONS = new Set(['reaction', 'edit', 'revoke', 'poll_vote', 'event_response', 'pin']);

export const isAction = ({ kind }) => ACTIONS.has(kind);

/** What the page knows: phones, their messages and groups. Watchers are told what changed. */
export const world = {
  /** phone digits → `{ phone, name, online, devices }` */
  phones: new Map(),
  /** phone digits (of those looked at) → Map of message id → message, in order of arrival */
  messages: new Map(),
  /** phone digits → Map of group jid → group */
  groups: new Map(),
  info: undefined,
  connected: undefined,
};

const watchers = new Set();

/** @param watcher called with `{ type, phone? }`, see `onEvent`; also `world` (all is new) and `stream` */
export function watch(watcher) {
  watchers.add(watcher);
}

function tell(change) {
  for (const watcher of watchers) watcher(change);
}

export async function start() {
  listen(onEvent, async (open) => {
    if (!open) {
      world.connected = false;
      tell({ type: 'stream' });
      return;
    }
    try {
      await load();
      world.connected = true;
    } catch {
      world.connected = false;
    }
    tell({ type: 'world' });
    tell({ type: 'stream' });
  });
}

async function load() {
  const [{ phones }, info] = await Promise.all([api('GET', '/phones'), api('GET', '/info')]);
  world.info = info;
  world.phones = new Map(phones.map((phone) => [phone.phone, phone]));
  await Promise.all([...world.messages.keys()].map(loadPhone));
}

/** Reads a phone's chats, once somebody looks at it. */
export async function ensureLoaded(phone) {
  if (world.messages.has(phone)) return;
  await loadPhone(phone);
  tell({ type: 'loaded', phone });
}

async function loadPhone(phone) {
  const [{ messages }] = await Promise.all([
    api('GET', `/phones/${phone}/messages`),
    loadGroups(phone),
  ]);
  world.messages.set(phone, new Map(messages.map((message) => [message.id, message])));
}

export async function loadGroups(phone) {
  const { groups } = await api('GET', `/phones/${phone}/groups`);
  world.groups.set(phone, new Map(groups.map((group) => [group.id, group])));
}

async function onEvent(event) {
  const { type, phone } = event;
  if (type === 'message') {
    world.messages.get(phone)?.set(event.message.id, event.message);
    const { chat } = event.message;
    if (world.groups.has(phone) && chat.endsWith('@g.us') && !world.groups.get(phone)?.has(chat))
      await loadGroups(phone);
  } else if (type === 'devices') {
    Object.assign(world.phones.get(phone) ?? {}, { devices: event.devices });
  } else if (type === 'connection') {
    Object.assign(world.phones.get(phone) ?? {}, { online: event.open });
  } else if (type === 'groups') {
    if (world.groups.has(phone)) await loadGroups(phone);
  } else if (type === 'phone') {
    world.phones.set(phone, await api('GET', `/phones/${phone}`));
  }
  tell(event);
}

export function nameOf(phone) {
  return world.phones.get(phone)?.name ?? `+${phone}`;
}

/** `{ title, subtitle, group }` of a chat as this phone sees it. */
export function describeChat(phone, chat) {
  if (!chat.endsWith('@g.us')) {
    const self = chat === phone;
    return { title: self ? `${nameOf(chat)} (you)` : nameOf(chat), subtitle: `+${chat}` };
  }
  const group = world.groups.get(phone)?.get(chat);
  const members =
    group?.participants.map((each) => (each.phone === phone ? 'You' : each.name)) ?? [];
  return { title: group?.subject ?? 'Group', subtitle: members.join(', '), group: true };
}

/** Chats of a phone, latest first: `{ chat, last, unread }`. Groups without messages are there too. */
export function chatsOf(phone) {
  const chats = new Map();
  for (const chat of world.groups.get(phone)?.keys() ?? []) chats.set(chat, { chat, unread: 0 });
  for (const message of world.messages.get(phone)?.values() ?? []) {
    const entry = chats.get(message.chat) ?? { chat: message.chat, unread: 0 };
    chats.set(message.chat, entry);
    if (isAction(message)) continue;
    entry.last = message;
    if (!message.fromMe && message.status !== 'read') entry.unread++;
  }
  return [...chats.values()].sort((a, b) => (b.last?.at ?? '').localeCompare(a.last?.at ?? ''));
}

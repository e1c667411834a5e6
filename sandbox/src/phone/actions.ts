import { isSharedJid } from './directory.js';
import type { PhoneMessage } from './message-log.js';
import { sendMessage } from './outgoing.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';
import { mediaContent } from './phone-media.js';

export type TypingState = 'composing' | 'recording' | 'paused';

/** @param chat phone digits or a group jid */
export async function sendMedia(
  context: PhoneContext,
  chat: string,
  file: Buffer,
  { viewOnce, ...facts }: Parameters<typeof mediaContent>[2] & { viewOnce?: boolean | undefined },
): Promise<PhoneMessage> {
  const message = await mediaContent(context.server, file, facts);
  if (!viewOnce) return await sendMessage(context, chat, message);
  const envelope = message.audioMessage ? 'viewOnceMessageV2Extension' : 'viewOnceMessageV2';
  return await sendMessage(context, chat, { [envelope]: { message } });
}

/** Reads all that is unread in a chat, or only these messages; the authors see it. @returns the ids read */
export function markRead(context: PhoneContext, chat: string, only?: string[]): string[] {
  const unread = context.log
    .inChat(chat)
    .filter((each) => !each.fromMe && each.status !== 'read')
    .filter((each) => !only || only.includes(each.id));
  const authors = new Set(unread.map((each) => each.from));
  for (const author of authors) {
    const ids = unread.filter((each) => each.from === author).map((each) => each.id);
    sendReadReceipt(context, chat, author, ids);
  }
  for (const { id } of unread) {
    const changed = context.log.markRead(id);
    if (changed) context.tell({ type: 'message', message: changed });
  }
  return unread.map((each) => each.id);
}

function sendReadReceipt(
  context: PhoneContext,
  chat: string,
  author: string,
  [id = '', ...others]: string[],
): void {
  const to: Record<string, string> = isSharedJid(chat)
    ? { to: chat, participant: chatJid(context, author) }
    : { to: chatJid(context, author) };
  const items = others.map((each) => ({ tag: 'item', attrs: { id: each } }));
  context.send({
    tag: 'receipt',
    attrs: { ...to, id, type: 'read', t: String(Math.floor(Date.now() / 1000)) },
    ...(items.length ? { content: [{ tag: 'list', attrs: {}, content: items }] } : {}),
  });
}

export function sendTyping(context: PhoneContext, chat: string, state: TypingState): void {
  const recording = state === 'recording';
  context.send({
    tag: 'chatstate',
    attrs: { to: chatJid(context, chat) },
    content: [{ tag: recording ? 'composing' : state, attrs: recording ? { media: 'audio' } : {} }],
  });
}

/** Shows itself as online or not, to those who watch. */
export function setAvailable(context: PhoneContext, available: boolean): void {
  const { name } = context.account();
  const type = available ? 'available' : 'unavailable';
  context.send({ tag: 'presence', attrs: { type, name } });
}

/** Asks to be told when another account comes and goes. @throws PhoneError */
export function watchPresence(context: PhoneContext, phone: string): void {
  context.send({ tag: 'presence', attrs: { type: 'subscribe', to: chatJid(context, phone) } });
}

function chatJid(context: PhoneContext, chat: string): string {
  if (isSharedJid(chat)) return chat;
  const account = context.directory.byPhone(chat);
  if (!account) throw new PhoneError('unknown_recipient', `Nobody has the number ${chat} here.`);
  return account.lid;
}

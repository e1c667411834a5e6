import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
} from 'baileys/lib/WABinary/index.js';
import type { proto } from 'baileys/WAProto/index.js';
import type { Account } from '../protocol/seam.js';
import { isSharedJid, parseJid } from './directory.js';
import { openAnswer } from './kinds/answers.js';
import { takeEffect } from './kinds/effects.js';
import { show } from './kinds/read.js';
import { decodeContent, encodeContent } from './message-content.js';
import type { PhoneMessage } from './message-log.js';
import { resend } from './outgoing.js';
import { answerPeerRequest } from './peer-requests.js';
import type { PhoneContext } from './phone-context.js';
import { answerMediaRetry } from './phone-media.js';
import { DecryptError, type DeviceAddress } from './signal-peer.js';

/** Reasons of refusal that WhatsApp's clients send (baileys Utils/decode-wa-message.js, NACK_REASONS). */
const KEY_ALREADY_USED = '487';
const UNHANDLED = '500';
/** After so many requests for one id a client gives up (baileys default maxMsgRetryCount). */
const RETRIES = 5;

interface Author {
  account: Account;
  address: DeviceAddress;
}

/** Decrypts a message for this phone, notes it, and answers: receipt, retry receipt, or refusal. */
export async function receiveMessage(context: PhoneContext, stanza: BinaryNode): Promise<void> {
  const author = authorOf(context, stanza);
  const chat = author && chatOf(context, stanza, author.account);
  if (!author || !chat) {
    refuse(context, stanza, UNHANDLED);
    return;
  }
  const known = context.log.get(stanza.attrs.id ?? '');
  try {
    const contents = await decryptAll(context, stanza, author);
    if (stanza.attrs.category === 'peer') await answerPeer(context, stanza, author, contents);
    else if (known) countCopy(context, known.id);
    else for (const content of contents) note(context, stanza, author.account, chat, content);
    confirm(context, stanza, author.account);
  } catch (error) {
    if (!(error instanceof DecryptError)) throw error;
    if (!known) tellUnreadable(context, stanza, error);
    if (error.problem !== 'duplicate') {
      askAgain(context, stanza);
    } else if (known) {
      countCopy(context, known.id);
      confirm(context, stanza, author.account);
    } else {
      refuse(context, stanza, KEY_ALREADY_USED);
    }
  }
}

/** For those who look for the reason afterwards: a phone itself only shows that it waits. */
function tellUnreadable({ self }: PhoneContext, { attrs }: BinaryNode, error: DecryptError): void {
  const shown = `phone ••${self.user.slice(-3)}: cannot read ${attrs.id}`;
  console.error(`${shown} of ••${attrs.from?.slice(-20)}: ${error.problem}: ${error.message}`);
}

function authorOf(context: PhoneContext, stanza: BinaryNode): Author | undefined {
  const jid = stanza.attrs.participant ?? stanza.attrs.from ?? '';
  const account = context.directory.byJid(jid);
  if (!account) return undefined;
  return { account, address: { user: parseJid(account.lid).user, device: parseJid(jid).device } };
}

/** Phone digits or group jid; what an own companion wrote belongs to the chat of its recipient. */
function chatOf(context: PhoneContext, stanza: BinaryNode, author: Account): string | undefined {
  const { from = '', recipient } = stanza.attrs;
  if (isSharedJid(from)) return from;
  if (recipient === undefined) return author.phone;
  return isSharedJid(recipient) ? recipient : context.directory.byJid(recipient)?.phone;
}

async function decryptAll(
  context: PhoneContext,
  stanza: BinaryNode,
  { address }: Author,
): Promise<proto.IMessage[]> {
  const contents: proto.IMessage[] = [];
  for (const enc of getBinaryNodeChildren(stanza, 'enc')) {
    const ciphertext = Buffer.from(enc.content as Uint8Array);
    const plain =
      enc.attrs.type === 'skmsg'
        ? await context.signal.decryptFromGroup(stanza.attrs.from ?? '', address, ciphertext)
        : await context.signal.decrypt(address, enc.attrs.type ?? '', ciphertext);
    const message: proto.IMessage = decodeContent(plain);
    const content = message.deviceSentMessage?.message ?? message;
    const key = content.senderKeyDistributionMessage ?? message.senderKeyDistributionMessage;
    if (key?.groupId && key.axolotlSenderKeyDistributionMessage) {
      await context.signal.processSenderKey(
        key.groupId,
        address,
        key.axolotlSenderKeyDistributionMessage,
      );
    }
    contents.push(content);
  }
  return contents;
}

function note(
  context: PhoneContext,
  stanza: BinaryNode,
  author: Account,
  chat: string,
  content: proto.IMessage,
): void {
  const shown = show(content, context.directory);
  if (!shown || !stanza.attrs.id) return;
  const self = context.account();
  const fromMe = author.phone === self.phone;
  const message: PhoneMessage = {
    id: stanza.attrs.id,
    chat,
    from: author.phone,
    to: fromMe || isSharedJid(chat) ? chat : self.phone,
    fromMe,
    ...shown,
    ...openAnswer(context, content, author),
    at: new Date(Number(stanza.attrs.t ?? Date.now() / 1000) * 1000).toISOString(),
    status: fromMe ? 'sent' : 'delivered',
    deliveries: 1,
  };
  const noted = context.log.add(message, encodeContent(content));
  context.tell({ type: 'message', message: noted });
  takeEffect(context, noted, author);
}

/** Only the own devices may ask for something. */
async function answerPeer(
  context: PhoneContext,
  { attrs }: BinaryNode,
  { account, address }: Author,
  contents: proto.IMessage[],
): Promise<void> {
  if (account.phone !== context.account().phone) return;
  for (const content of contents) {
    await answerPeerRequest(context, address.device, attrs.id ?? '', content);
  }
}

function countCopy(context: PhoneContext, id: string): void {
  tellChanged(context, context.log.countCopy(id));
}

function tellChanged(context: PhoneContext, message: PhoneMessage | undefined): void {
  if (message) context.tell({ type: 'message', message });
}

/** The delivery receipt; for what an own companion wrote it is of type `sender`. */
function confirm(context: PhoneContext, stanza: BinaryNode, author: Account): void {
  const { id = '', from = '', participant, recipient } = stanza.attrs;
  const own = author.phone === context.account().phone;
  context.send({
    tag: 'receipt',
    attrs: {
      id,
      to: from,
      ...(participant ? { participant } : {}),
      ...(recipient ? { recipient } : {}),
      ...(own ? { type: 'sender' } : {}),
    },
  });
}

function refuse(context: PhoneContext, stanza: BinaryNode, error: string): void {
  const { id = '', from = '', participant, type } = stanza.attrs;
  context.send({
    tag: 'ack',
    attrs: {
      id,
      to: from,
      class: stanza.tag,
      ...(participant ? { participant } : {}),
      ...(type ? { type } : {}),
      error,
    },
  });
}

/** Asks the author to encrypt the message again, for this device in a new session. */
function askAgain(context: PhoneContext, stanza: BinaryNode): void {
  const { id = '', from = '', participant, recipient, t = '0' } = stanza.attrs;
  const key = `retries/${participant ?? from}/${id}`;
  const count = (context.records.getJson<number>(key) ?? 0) + 1;
  if (count > RETRIES) {
    context.records.set(key, null);
    refuse(context, stanza, UNHANDLED);
    return;
  }
  context.records.setJson(key, count);
  const registration = Buffer.alloc(4);
  registration.writeUInt32BE(context.signalState.own.registrationId);
  context.send({
    tag: 'receipt',
    attrs: {
      id,
      to: from,
      type: 'retry',
      ...(participant ? { participant } : {}),
      ...(recipient ? { recipient } : {}),
    },
    content: [
      { tag: 'retry', attrs: { count: String(count), id, t, v: '1', error: '0' } },
      { tag: 'registration', attrs: {}, content: registration },
    ],
  });
}

/** A receipt from a recipient of what this phone sent, or from an own companion that read something. */
export async function receiveReceipt(context: PhoneContext, stanza: BinaryNode): Promise<void> {
  const { type, from = '', participant } = stanza.attrs;
  if (type === 'retry') await resend(context, stanza);
  if (type === 'server-error') await answerMediaRetry(context, stanza);
  const account = context.directory.byJid(participant ?? from);
  if (
    account &&
    (type === undefined || type === 'inactive' || type.startsWith('read') || type === 'played')
  ) {
    const read = type !== undefined && type !== 'inactive';
    const own = account.phone === context.account().phone;
    for (const id of receiptIds(stanza)) {
      if (!own) {
        const changed = context.log.receipt(id, account.phone, read ? 'read' : 'delivered');
        tellChanged(context, type === 'played' ? notePlayed(context, id) : changed);
      } else if (read) tellChanged(context, context.log.markRead(id));
    }
  }
  acknowledge(context, stanza);
}

function notePlayed({ log }: PhoneContext, id: string): PhoneMessage | undefined {
  return log.change(id, ({ fromMe }) => (fromMe ? { played: true } : undefined));
}

/** Receipts name one id, or several in `<list><item id/></list>`. */
function receiptIds(stanza: BinaryNode): string[] {
  const items = getBinaryNodeChildren(getBinaryNodeChild(stanza, 'list'), 'item');
  return [stanza.attrs.id, ...items.map((item) => item.attrs.id)].filter((id) => id !== undefined);
}

/** Receipts, notifications and calls are done when they are acknowledged. */
export function acknowledge(context: PhoneContext, stanza: BinaryNode): void {
  const { id = '', from = '', participant, recipient, type } = stanza.attrs;
  context.send({
    tag: 'ack',
    attrs: {
      id,
      to: from,
      class: stanza.tag,
      ...(participant ? { participant } : {}),
      ...(recipient ? { recipient } : {}),
      ...(type ? { type } : {}),
    },
  });
}

import { type BinaryNode, getBinaryNodeChild } from 'baileys/lib/WABinary/index.js';
import type { proto } from 'baileys/WAProto/index.js';
import type { Account } from '../protocol/seam.js';
import { ensureSessions, findDevices, type TargetDevice } from './device-lookup.js';
import { isSharedJid, parseJid, STATUS_JID } from './directory.js';
import { encNode, encTo } from './enc-nodes.js';
import { encryptForMembers, groupParticipants } from './group-messages.js';
import { openAnswer } from './kinds/answers.js';
import { takeEffect } from './kinds/effects.js';
import { show } from './kinds/read.js';
import {
  decodeContent,
  deviceSent,
  encodeContent,
  newMessageId,
  stanzaEdit,
  stanzaType,
} from './message-content.js';
import type { PhoneMessage } from './message-log.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

/**
 * Encrypts a message for every device concerned, notes it in the log as `pending`, and sends it.
 * @param chat phone digits, a group jid or `status@broadcast`
 * @param content a message, or one that is encoded already
 * @param id chosen by a page of the account; what was sent under it before is not sent again
 * @throws PhoneError
 */
export async function sendMessage(
  context: PhoneContext,
  chat: string,
  content: proto.IMessage | Uint8Array,
  id = newMessageId(),
): Promise<PhoneMessage> {
  const before = context.log.get(id);
  if (before) return before;
  const encoded = content instanceof Uint8Array ? content : encodeContent(content);
  const decoded = decodeContent(encoded);
  const recipients = isSharedJid(chat)
    ? await sendToMany(context, chat, id, decoded, encoded)
    : await sendToAccount(context, chat, id, decoded, encoded);
  const self = context.account();
  const shown = { kind: 'other' as const, text: '', ...show(decoded, context.directory) };
  const message = context.log.add(
    {
      id,
      chat,
      from: self.phone,
      to: chat,
      fromMe: true,
      ...shown,
      ...openAnswer(context, decoded, self),
      at: new Date().toISOString(),
      status: 'pending',
      deliveries: 1,
      receipts: Object.fromEntries(recipients.map((recipient) => [recipient.phone, 'sent'])),
    },
    encoded,
  );
  context.tell({ type: 'message', message });
  takeEffect(context, message, self);
  return message;
}

async function sendToAccount(
  context: PhoneContext,
  phone: string,
  id: string,
  content: proto.IMessage,
  encoded: Uint8Array,
): Promise<Account[]> {
  const self = context.account();
  const recipient = context.directory.byPhone(phone);
  if (!recipient) {
    throw new PhoneError(
      'unknown_recipient',
      `Nobody has the number ${phone} here. Add a phone with it first.`,
    );
  }
  const toSelf = recipient.phone === self.phone;
  const found = await findDevices(context, toSelf ? [self] : [recipient, self]);
  const others = found.filter((device) => !isThisPhone(context, device));
  const devices = await ensureSessions(context, others);
  const forSelf = deviceSent(recipient.lid, encoded);
  const participants: BinaryNode[] = [];
  for (const device of devices) {
    const own = device.account.phone === self.phone;
    participants.push(encTo(device, await context.signal.encrypt(device, own ? forSelf : encoded)));
  }
  context.send({
    tag: 'message',
    attrs: { to: recipient.lid, id, type: stanzaType(content), ...stanzaEdit(content) },
    content: [{ tag: 'participants', attrs: {}, content: participants }],
  });
  return [recipient];
}

async function sendToMany(
  context: PhoneContext,
  chat: string,
  id: string,
  content: proto.IMessage,
  encoded: Uint8Array,
): Promise<Account[]> {
  const self = context.account();
  const readers = await readersOf(context, chat);
  const devices = (await findDevices(context, readers)).filter(
    (device) => !isThisPhone(context, device),
  );
  const type = stanzaType(content);
  const mode: Record<string, string> = chat === STATUS_JID ? {} : { addressing_mode: 'lid' };
  context.send({
    tag: 'message',
    attrs: { to: chat, id, type, ...mode, ...stanzaEdit(content) },
    content: await encryptForMembers(context, chat, devices, encoded),
  });
  return readers.filter((member) => member.phone !== self.phone);
}

/** Members of a group; for a status post all with whom this phone has talked. @throws PhoneError */
async function readersOf(context: PhoneContext, chat: string): Promise<Account[]> {
  const self = context.account();
  if (chat === STATUS_JID) {
    const talkedTo = new Set(context.log.all().map((message) => message.chat));
    const known = [...talkedTo].map((phone) => context.directory.byPhone(phone));
    return [
      self,
      ...known.filter((each) => each !== undefined && each.phone !== self.phone),
    ] as Account[];
  }
  const members = await groupParticipants(context, chat);
  if (!members.some((member) => member.phone === self.phone)) {
    throw new PhoneError('not_a_member', 'This phone is not a member of the group.');
  }
  return members;
}

function isThisPhone(context: PhoneContext, device: TargetDevice): boolean {
  return device.user === context.self.user && device.device === context.self.device;
}

/** Answers a retry receipt: the same message under the same id, for one device, in a new session. */
export async function resend(context: PhoneContext, receipt: BinaryNode): Promise<void> {
  const { id = '', from = '', participant } = receipt.attrs;
  const asker = participant ?? from;
  const account = context.directory.byJid(asker);
  const message = context.log.get(id);
  const content = context.log.content(id);
  if (!account || !message || !content) return;
  const [device] = (await findDevices(context, [account])).filter((each) =>
    sameDevice(each, asker),
  );
  const [reachable] = device ? await ensureSessions(context, [device], true) : [];
  if (!reachable) return;
  const toGroup = isSharedJid(message.chat);
  const chatJid = toGroup ? message.chat : (context.directory.byPhone(message.chat)?.lid ?? '');
  const own = account.phone === context.account().phone;
  const decoded: proto.IMessage = decodeContent(content);
  if (toGroup) {
    // The one who could not read may lack the sender key too, so it travels along.
    decoded.senderKeyDistributionMessage = {
      groupId: message.chat,
      axolotlSenderKeyDistributionMessage: await context.signal.senderKeyDistribution(
        message.chat,
        context.self,
      ),
    };
  }
  const again = toGroup ? encodeContent(decoded) : content;
  const plain = own && !toGroup ? deviceSent(chatJid, again) : again;
  const encrypted = await context.signal.encrypt(reachable, plain);
  const count = Number(getBinaryNodeChild(receipt, 'retry')?.attrs.count ?? '1');
  context.send({
    tag: 'message',
    attrs: {
      id,
      type: stanzaType(decoded),
      ...(toGroup
        ? { to: message.chat, participant: reachable.jid, addressing_mode: 'lid' }
        : { to: reachable.jid, ...(own ? { recipient: chatJid } : {}) }),
    },
    content: [encNode(encrypted, count)],
  });
}

function sameDevice(device: TargetDevice, jid: string): boolean {
  return device.device === parseJid(jid).device;
}

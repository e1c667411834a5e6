import { type BinaryNode, getBinaryNodeChild } from 'baileys/lib/WABinary/index.js';
import type { proto } from 'baileys/WAProto/index.js';
import type { Account } from '../protocol/seam.js';
import { ensureSessions, findDevices, type TargetDevice } from './device-lookup.js';
import { isGroupJid, parseJid } from './directory.js';
import { encNode, encTo } from './enc-nodes.js';
import { encryptForMembers, groupParticipants } from './group-messages.js';
import {
  decodeContent,
  deviceSentContent,
  encodeContent,
  newMessageId,
  stanzaType,
  summarize,
} from './message-content.js';
import type { PhoneMessage } from './message-log.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

/**
 * Encrypts a message for every device concerned, notes it in the log as `pending`, and sends it.
 * @param chat phone digits or a group jid
 * @throws PhoneError
 */
export async function sendMessage(
  context: PhoneContext,
  chat: string,
  content: proto.IMessage,
): Promise<PhoneMessage> {
  const id = newMessageId();
  const encoded = encodeContent(content);
  const recipients = isGroupJid(chat)
    ? await sendToGroup(context, chat, id, content)
    : await sendToAccount(context, chat, id, content);
  const self = context.account();
  return context.log.add(
    {
      id,
      chat,
      from: self.phone,
      to: chat,
      fromMe: true,
      kind: 'other',
      text: '',
      ...summarize(decodeContent(encoded)),
      at: new Date().toISOString(),
      status: 'pending',
      deliveries: 1,
      receipts: Object.fromEntries(recipients.map((recipient) => [recipient.phone, 'sent'])),
    },
    encoded,
  );
}

async function sendToAccount(
  context: PhoneContext,
  phone: string,
  id: string,
  content: proto.IMessage,
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
  const forOthers = encodeContent(content);
  const forSelf = encodeContent(deviceSentContent(recipient.lid, content));
  const participants: BinaryNode[] = [];
  for (const device of devices) {
    const own = device.account.phone === self.phone;
    participants.push(
      encTo(device, await context.signal.encrypt(device, own ? forSelf : forOthers)),
    );
  }
  context.send({
    tag: 'message',
    attrs: { to: recipient.lid, id, type: stanzaType(content) },
    content: [{ tag: 'participants', attrs: {}, content: participants }],
  });
  return [recipient];
}

async function sendToGroup(
  context: PhoneContext,
  group: string,
  id: string,
  content: proto.IMessage,
): Promise<Account[]> {
  const self = context.account();
  const members = await groupParticipants(context, group);
  if (!members.some((member) => member.phone === self.phone)) {
    throw new PhoneError('not_a_member', 'This phone is not a member of the group.');
  }
  const devices = (await findDevices(context, members)).filter(
    (device) => !isThisPhone(context, device),
  );
  context.send({
    tag: 'message',
    attrs: { to: group, id, type: stanzaType(content), addressing_mode: 'lid' },
    content: await encryptForMembers(context, group, devices, encodeContent(content)),
  });
  return members.filter((member) => member.phone !== self.phone);
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
  const toGroup = isGroupJid(message.chat);
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
  const plain = own && !toGroup ? deviceSentContent(chatJid, decoded) : decoded;
  const encrypted = await context.signal.encrypt(reachable, encodeContent(plain));
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

import { proto } from 'baileys/WAProto/index.js';
import type { Account } from '../../protocol/seam.js';
import { unwrap } from '../envelopes.js';
import { decodeContent } from '../message-content.js';
import type { PhoneContext } from '../phone-context.js';
import { ANSWERS, open, optionHash, type Sealed, type Sealing, secretIn } from './secrets.js';
import type { Response, ShownFields } from './shown.js';

/**
 * Opens a vote or a response with the secret of the message that it answers. Who sealed it may have
 * known both persons by phone number or by LID, so all pairs are tried.
 */
export function openAnswer(
  context: PhoneContext,
  message: proto.IMessage,
  sender: Account,
): ShownFields {
  const { pollUpdateMessage: update, encEventResponseMessage: reply } = unwrap(message);
  const vote = update?.vote;
  if (update?.pollCreationMessageKey?.id && vote?.encPayload && vote.encIv) {
    const target = update.pollCreationMessageKey.id;
    const sealed = { encPayload: vote.encPayload, encIv: vote.encIv };
    const plain = openFor(context, 'Poll Vote', target, sealed, sender);
    return plain ? { vote: votedOptions(context, target, plain) } : {};
  }
  const target = reply?.eventCreationMessageKey?.id;
  if (!target || !reply.encPayload || !reply.encIv) return {};
  const sealed = { encPayload: reply.encPayload, encIv: reply.encIv };
  const plain = openFor(context, 'Event Response', target, sealed, sender);
  if (!plain) return {};
  const { response, extraGuestCount } = proto.Message.EventResponseMessage.decode(plain);
  const [answer] = Object.entries(ANSWERS).find(([, value]) => value === response) ?? [];
  if (!answer) return {};
  return { response: { response: answer as Response, extraGuests: extraGuestCount ?? 0 } };
}

function openFor(
  context: PhoneContext,
  use: Sealing['use'],
  target: string,
  sealed: Sealed,
  sender: Account,
): Buffer | undefined {
  const secret = secretOf(context, target);
  const author = context.directory.byPhone(context.log.get(target)?.from ?? '');
  if (!secret || !author) return undefined;
  for (const authorJid of [author.lid, author.pn]) {
    for (const senderJid of [sender.lid, sender.pn]) {
      const sealing = { use, secret, target, author: authorJid, sender: senderJid };
      const plain = open(sealed, sealing);
      if (plain) return plain;
    }
  }
  return undefined;
}

function votedOptions(context: PhoneContext, target: string, plain: Buffer): string[] {
  const { selectedOptions } = proto.Message.PollVoteMessage.decode(plain);
  const chosen = selectedOptions.map((hash) => Buffer.from(hash).toString('hex'));
  const options = context.log.get(target)?.poll?.options ?? [];
  return options.filter((option) => chosen.includes(optionHash(option).toString('hex')));
}

/** The secret of a message that this phone sent or received. */
export function secretOf(context: PhoneContext, messageId: string): Uint8Array | undefined {
  const content = context.log.content(messageId);
  return content && secretIn(decodeContent(content));
}

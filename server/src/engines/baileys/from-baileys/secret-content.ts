import { createHash } from 'node:crypto';
import type { MessageContent } from '@patchbay/contract';
import { proto, type WAMessage } from '../baileys.js';
import { openSecret, type SecretUse } from '../secret-answers.js';
import { responseFrom } from './actions.js';
import { contentFromBaileys } from './content.js';
import { messageSecret, unwrap } from './envelopes.js';

/** Finds an earlier message of the session. */
export type StoredMessage = (id: string) => Promise<WAMessage | undefined>;
/** All names by which the author of a message may have been known to who encrypted. */
export type NamesOf = (message: WAMessage) => Promise<string[]>;

interface Sealed {
  use: SecretUse;
  targetId: string;
  encPayload: Uint8Array;
  encIv: Uint8Array;
  read(plain: Uint8Array, target: WAMessage): MessageContent | undefined;
}

/**
 * What stands in a message that is encrypted a second time, under the secret of the message that it
 * is for; undefined for any other, and where that message or its secret is not known here.
 */
export async function secretContent(
  message: WAMessage,
  stored: StoredMessage,
  namesOf: NamesOf,
): Promise<MessageContent | undefined> {
  const sealed = sealedIn(unwrap(message.message ?? {}));
  if (!sealed) return undefined;
  const target = await stored(sealed.targetId);
  const secret = target && secretOf(target);
  if (!target || !secret) return undefined;
  const [authors, senders] = await Promise.all([namesOf(target), namesOf(message)]);
  const { use, targetId } = sealed;
  for (const author of authors) {
    for (const sender of senders) {
      const plain = openSecret(sealed, { use, secret, targetId, author, sender });
      if (plain) return sealed.read(plain, target);
    }
  }
  return undefined;
}

/** The secret of a message: in it, or beside it where it came with the history. */
export function secretOf(target: WAMessage): Uint8Array | undefined {
  const secret = messageSecret(target.message ?? {}) ?? target.messageSecret;
  return secret?.length ? secret : undefined;
}

function sealedIn(message: proto.IMessage): Sealed | undefined {
  const { pollUpdateMessage: vote, encEventResponseMessage: response } = message;
  const { encReactionMessage: reaction, secretEncryptedMessage: change } = message;
  if (vote) {
    return sealed('Poll Vote', vote.pollCreationMessageKey, vote.vote, (plain, id, target) =>
      voteFrom(id, proto.Message.PollVoteMessage.decode(plain), target),
    );
  }
  if (response) {
    const { eventCreationMessageKey: key } = response;
    return sealed('Event Response', key, response, (plain, id) =>
      responseFrom(id, proto.Message.EventResponseMessage.decode(plain)),
    );
  }
  if (reaction) {
    return sealed('Enc Reaction', reaction.targetMessageKey, reaction, (plain, targetId) => {
      const emoji = proto.Message.ReactionMessage.decode(plain).text ?? '';
      return { type: 'reaction', targetId, emoji };
    });
  }
  const { MESSAGE_EDIT } = proto.Message.SecretEncryptedMessage.SecretEncType;
  if (change?.secretEncType !== MESSAGE_EDIT) return undefined;
  return sealed('Message Edit', change.targetMessageKey, change, (plain) =>
    contentFromBaileys(proto.Message.decode(plain)),
  );
}

function sealed(
  use: SecretUse,
  key: proto.IMessageKey | null | undefined,
  box: { encPayload?: Uint8Array | null; encIv?: Uint8Array | null } | null | undefined,
  read: (plain: Uint8Array, id: string, target: WAMessage) => MessageContent | undefined,
): Sealed | undefined {
  if (!key?.id || !box?.encPayload || !box.encIv) return undefined;
  const targetId = key.id;
  return {
    use,
    targetId,
    encPayload: box.encPayload,
    encIv: box.encIv,
    read: (plain, target) => read(plain, targetId, target),
  };
}

/** A vote names its options by their SHA-256. */
export function voteFrom(
  targetId: string,
  { selectedOptions }: proto.Message.IPollVoteMessage,
  target: WAMessage,
): MessageContent {
  const poll = contentFromBaileys(target.message ?? {});
  const names = poll?.type === 'poll' ? poll.options : [];
  const chosen = new Set((selectedOptions ?? []).map((hash) => Buffer.from(hash).toString('hex')));
  const options = names.filter((name) => chosen.has(hashOf(name)));
  return { type: 'poll_vote', targetId, options };
}

function hashOf(option: string): string {
  return createHash('sha256').update(option).digest('hex');
}

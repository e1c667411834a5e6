import { createHash } from 'node:crypto';
import type { ContentOf, EventAnswer } from '@patchbay/contract';
import { isLidJid, normalizeJid } from '../../../whatsapp/jid.js';
import { EngineError } from '../../engine-error.js';
import { proto, type WAMessage } from '../baileys.js';
import type { Me } from '../from-baileys/message.js';
import { secretOf } from '../from-baileys/secret-content.js';
import { type SecretBox, type SecretUse, sealSecret } from '../secret-answers.js';
import { keyOf } from './actions.js';

const Response = proto.Message.EventResponseMessage.EventResponseType;
const RESPONSES: Record<EventAnswer, proto.Message.EventResponseMessage.EventResponseType> = {
  going: Response.GOING,
  not_going: Response.NOT_GOING,
  maybe: Response.MAYBE,
};

/** A vote names its options by their SHA-256 and is sealed under the poll's secret. */
export function voteToBaileys(
  { targetId, options }: ContentOf<'poll_vote'>,
  chatJid: string,
  me: Me,
  target?: WAMessage,
): proto.IMessage {
  const selectedOptions = options.map((name) => createHash('sha256').update(name).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: keyOf(targetId, chatJid, false, target),
      vote: seal('Poll Vote', plain, targetId, me, target),
      senderTimestampMs: Date.now(),
    },
  };
}

export function responseToBaileys(
  { targetId, response, extraGuests }: ContentOf<'event_response'>,
  chatJid: string,
  me: Me,
  target?: WAMessage,
): proto.IMessage {
  const plain = proto.Message.EventResponseMessage.encode({
    response: RESPONSES[response],
    timestampMs: Date.now(),
    extraGuestCount: extraGuests ?? 0,
  }).finish();
  return {
    encEventResponseMessage: {
      eventCreationMessageKey: keyOf(targetId, chatJid, false, target),
      ...seal('Event Response', plain, targetId, me, target),
    },
  };
}

/** Both persons are named in the form (PN or LID) that the answered message was sent in. */
function seal(
  use: SecretUse,
  plain: Uint8Array,
  targetId: string,
  me: Me,
  target: WAMessage | undefined,
): SecretBox {
  const secret = target && secretOf(target);
  if (!target || !secret) {
    throw new EngineError('unsupported', 'The message came without the key for answers', true);
  }
  const { key, participant } = target;
  const other = normalizeJid(key.participant || participant || key.remoteJid || '');
  const sender = (isLidJid(other) || isLidJid(key.remoteJid ?? '') ? me.lid : undefined) ?? me.jid;
  const author = key.fromMe ? sender : other;
  return sealSecret(plain, { use, secret, targetId, author, sender });
}

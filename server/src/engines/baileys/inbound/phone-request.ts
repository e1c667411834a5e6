import type { Logger } from 'pino';
import {
  type BinaryNode,
  getBinaryNodeChild,
  PLACEHOLDER_MAX_AGE_SECONDS,
  toNumber,
  unixTimestampSeconds,
  type WAMessage,
  type WASocket,
} from '../baileys.js';

/** Kinds of messages that only a phone may show; source: rc14 `lib/Socket/messages-recv.js`. */
const PHONE_ONLY = [
  'bot_unavailable_fanout',
  'hosted_unavailable_fanout',
  'view_once_unavailable_fanout',
];

/**
 * A message that came without content (as those that advertisements start) is at the phone: asks it
 * for a copy, which comes as a message of its own under the same id.
 */
export function askPhoneForMessage(
  sock: WASocket,
  node: BinaryNode,
  { key, messageTimestamp, pushName, participant, verifiedBizName }: WAMessage,
  logger: Logger,
): void {
  const kind = getBinaryNodeChild(node, 'unavailable')?.attrs.type;
  if (kind && PHONE_ONLY.includes(kind)) return;
  const age = unixTimestampSeconds() - toNumber(messageTimestamp);
  if (age > PLACEHOLDER_MAX_AGE_SECONDS) return;
  sock
    .requestPlaceholderResend(
      { remoteJid: key.remoteJid, fromMe: key.fromMe, id: key.id, participant: key.participant },
      { key, messageTimestamp, pushName, participant, verifiedBizName },
    )
    .catch((error: unknown) => {
      logger.warn({ err: error }, 'the phone could not be asked for a message');
    });
}

import type { MessageContent } from '@patchbay/contract';
import type { proto } from '../baileys.js';

/**
 * Mentions, forwarding and the chat's timer as rc14 wants them, to be put into the message itself;
 * the quote is added by rc14 (`generateWAMessageFromContent`).
 */
export function contextToBaileys(content: MessageContent): proto.IContextInfo | undefined {
  if (!('quotedMessageId' in content || 'mentions' in content || besideIn(content))) {
    return undefined;
  }
  const mentions = 'mentions' in content ? content.mentions : undefined;
  const { forwarded, forwardingScore, expiresIn } = besideIn(content) ?? {};
  const context: proto.IContextInfo = {
    ...(mentions?.length && { mentionedJid: mentions }),
    ...(forwarded && { isForwarded: true, forwardingScore: forwardingScore ?? 1 }),
    ...(expiresIn && { expiration: expiresIn }),
  };
  return Object.keys(context).length > 0 ? context : undefined;
}

function besideIn(content: MessageContent) {
  return 'forwarded' in content || 'expiresIn' in content ? content : undefined;
}

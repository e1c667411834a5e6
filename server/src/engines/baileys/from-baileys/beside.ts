import { normalizeJid } from '../../../whatsapp/jid.js';
import type { proto } from '../baileys.js';

/** What nearly every kind has beside what it says: the quoted message, mentions, forwarding, timer. */
export function besideFrom(context: proto.IContextInfo | null | undefined) {
  if (!context) return {};
  const { forwardingScore, expiration } = context;
  const mentions = context.mentionedJid?.map(normalizeJid);
  const forwarded = Boolean(context.isForwarded || forwardingScore);
  // A status or disappearing setting has a context too; only a quote names a message.
  const quotedMessageId = context.quotedMessage && context.stanzaId;
  return {
    ...(quotedMessageId && { quotedMessageId }),
    ...(mentions?.length && { mentions }),
    ...(forwarded && { forwarded, ...(forwardingScore && { forwardingScore }) }),
    ...(expiration && { expiresIn: expiration }),
  };
}

import type { MessageContent } from '@patchbay/contract';
import { EngineError } from '../../engine-error.js';
import { getContentType, type proto, type WAMessage } from '../baileys.js';
import { unwrap } from '../from-baileys/envelopes.js';
import { contextToBaileys } from './beside.js';
import { textToBaileys } from './things.js';

/** A stored message once more: files are not uploaded again, and what it answered stays behind. */
export function forwardToBaileys(
  content: MessageContent,
  original: WAMessage | undefined,
): proto.IMessage {
  const {
    messageContextInfo: _,
    senderKeyDistributionMessage: __,
    ...inner
  } = unwrap(original?.message ?? {});
  const kind = getContentType(inner);
  const said = kind && inner[kind as keyof typeof inner];
  if (!kind || !said) {
    throw new EngineError('unsupported', 'The message to forward is not here any more', true);
  }
  const contextInfo = contextToBaileys(content);
  // Its text may have been edited since.
  if (content.type === 'text') return textToBaileys(content);
  if (typeof said === 'string') return { extendedTextMessage: { text: said, contextInfo } };
  const caption = 'caption' in content && content.caption;
  const message = { [kind]: { ...said, ...(caption && { caption }), contextInfo } };
  const hasCaption = Boolean(inner.documentMessage?.caption);
  return hasCaption ? { documentWithCaptionMessage: { message } } : message;
}

import { mediaIn } from '../phone/media-facts.js';
import { decodeContent } from '../phone/message-content.js';
import type { PhoneMessage } from '../phone/message-log.js';
import type { PhoneContext } from '../phone/phone-context.js';
import type { Entry, SealedFile } from './page/talk.js';

const ACKS = { pending: 0, sent: 1, delivered: 2, read: 3, failed: -1 } as const;

/** How far a message has come, as WhatsApp Web counts. */
export function ackOf({ fromMe, status, played }: PhoneMessage): number {
  if (!fromMe) return 1;
  return status === 'read' && played ? 4 : ACKS[status];
}

/** A message as a page gets it: it could decrypt the file itself, so it gets the keys. */
export function entryOf({ log }: PhoneContext, message: PhoneMessage): Entry {
  const file = message.media && sealedFile(log.content(message.id));
  const { status, deliveries: _, receipts: __, ...shown } = message;
  return {
    ...shown,
    ack: ackOf(message),
    read: message.fromMe || status === 'read',
    ...(file && { file }),
  };
}

function sealedFile(content: Uint8Array | undefined): SealedFile | undefined {
  const media = content && mediaIn(decodeContent(content))?.media;
  if (!media) return undefined;
  const base64 = (bytes: Uint8Array | null | undefined) =>
    Buffer.from(bytes ?? []).toString('base64');
  return {
    directPath: media.directPath ?? '',
    mediaKey: base64(media.mediaKey),
    filehash: base64(media.fileSha256),
    encFilehash: base64(media.fileEncSha256),
  };
}

import type { proto } from 'baileys/WAProto/index.js';

const VIEW_ONCE = ['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension'] as const;
/** Envelopes that only say how a message is to be treated. */
const ENVELOPES = [
  'ephemeralMessage',
  ...VIEW_ONCE,
  'documentWithCaptionMessage',
  'editedMessage',
] as const;

export function unwrap(message: proto.IMessage): proto.IMessage {
  const envelope = ENVELOPES.find((name) => message[name]?.message);
  const inner = envelope && message[envelope]?.message;
  return inner ? unwrap(inner) : message;
}

/** Whether it may be opened once, by an envelope of it or as the media itself says. */
export function isViewOnce(message: proto.IMessage): boolean {
  if (VIEW_ONCE.some((name) => message[name]?.message)) return true;
  const media = message.imageMessage ?? message.videoMessage ?? message.audioMessage;
  if (media) return Boolean(media.viewOnce);
  const inner = message.ephemeralMessage?.message;
  return inner ? isViewOnce(inner) : false;
}

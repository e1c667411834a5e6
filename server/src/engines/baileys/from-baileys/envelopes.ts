import type { proto } from '../baileys.js';

type Message = proto.IMessage;

/** Envelopes around the message that is meant (disappearing, view once, captions, edits ...). */
const ENVELOPES = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupMentionedMessage',
  'botInvokeMessage',
  'botForwardedMessage',
  'lottieStickerMessage',
  'pollCreationMessageV4',
  'statusMentionMessage',
  'groupStatusMentionMessage',
  'questionMessage',
  'questionReplyMessage',
  'statusAddYours',
  'deviceSentMessage',
] as const satisfies (keyof Message)[];

const VIEW_ONCE = new Set<string>([
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
]);

/** The message within its envelopes; nested ones occur, endless nesting is an attack. */
export function unwrap(message: Message): Message {
  return open(message).message;
}

/** Whether an envelope, or the media itself, says that it may be opened once. */
export function isViewOnce(message: Message): boolean {
  const { message: inner, envelopes } = open(message);
  if (envelopes.some((name) => VIEW_ONCE.has(name))) return true;
  const media = inner.imageMessage ?? inner.videoMessage ?? inner.audioMessage;
  return Boolean(media?.viewOnce);
}

/** The key for what others answer to a message in secret, wherever the message carries it. */
export function messageSecret(message: Message): Uint8Array | undefined {
  let current: Message | null | undefined = message;
  for (let depth = 0; current && depth < 8; depth++) {
    const secret = current.messageContextInfo?.messageSecret;
    if (secret?.length) return secret;
    current = inside(current)?.message;
  }
  return undefined;
}

function open(message: Message): { message: Message; envelopes: string[] } {
  const envelopes: string[] = [];
  let current = message;
  for (let depth = 0; depth < 8; depth++) {
    const next = inside(current);
    if (!next) break;
    envelopes.push(next.envelope);
    current = next.message;
  }
  return { message: current, envelopes };
}

function inside(message: Message) {
  const envelope = ENVELOPES.find((name) => message[name]?.message);
  const inner = envelope && message[envelope]?.message;
  return inner ? { envelope, message: inner } : undefined;
}

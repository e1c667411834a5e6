import { createCipheriv, randomBytes } from 'node:crypto';
import { type BinaryNode, getBinaryNodeChild } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { openMedia, retryKey, type SealedMedia, sealMedia } from '../media/cipher.js';
import type { SandboxServer } from '../protocol/seam.js';
import { type MediaFacts, mediaFacts, mediaIn } from './media-facts.js';
import { decodeContent } from './message-content.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

/** Where an encrypted file is, and what its readers need. */
export interface UploadedFile extends Omit<SealedMedia, 'blob'> {
  directPath: string;
}

/** Encrypts a file and gives it to the media host. */
export function uploadFile(
  { blobs }: Pick<SandboxServer, 'blobs'>,
  file: Buffer,
  kind: MediaFacts['kind'],
): UploadedFile {
  const { blob, ...sealed } = sealMedia(file, kind);
  return { ...sealed, directPath: blobs.put(sealed.fileEncSha256.toString('base64url'), blob) };
}

/** Uploads a file and describes it in a message. */
export async function mediaContent(
  server: Pick<SandboxServer, 'blobs' | 'info'>,
  file: Buffer,
  facts: Omit<MediaFacts, 'size'> & { caption?: string },
): Promise<proto.IMessage> {
  const uploaded = uploadFile(server, file, facts.kind);
  return describeFile(server, uploaded, { ...facts, size: file.length });
}

/** The message that carries a file. */
export function describeFile(
  { info }: Pick<SandboxServer, 'info'>,
  uploaded: UploadedFile,
  { kind, ...facts }: MediaFacts & { caption?: string | undefined },
): proto.IMessage {
  const described = {
    ...uploaded,
    url: `https://${info.media.host}${uploaded.directPath}`,
    fileLength: facts.size,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    mimetype: facts.mimetype,
    caption: facts.caption,
    fileName: facts.filename,
    width: facts.width,
    height: facts.height,
    seconds: facts.seconds,
    waveform: facts.waveform && Uint8Array.from(facts.waveform),
    ptt: facts.voice,
    gifPlayback: facts.gif,
    jpegThumbnail: facts.thumbnail && Buffer.from(facts.thumbnail, 'base64'),
  };
  return proto.Message.fromObject({ [`${kind}Message`]: described });
}

/** The file of a message, checked. @throws PhoneError `unknown_message` */
export async function fileOf(
  context: PhoneContext,
  messageId: string,
): Promise<{ facts: MediaFacts; file: Buffer }> {
  const content = context.log.content(messageId);
  const found = content && mediaIn(decodeContent(content));
  const facts = content && mediaFacts(decodeContent(content));
  if (!found || !facts) {
    throw new PhoneError('unknown_message', `There is no message ${messageId} with a file.`);
  }
  const { media, kind } = found;
  const blob = await context.server.blobs.get(media.directPath ?? '');
  if (!blob) throw new PhoneError('unknown_message', 'The media host has no such file.');
  const bytes = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []);
  const file = openMedia(blob, kind, {
    mediaKey: bytes(media.mediaKey),
    fileSha256: bytes(media.fileSha256),
    fileEncSha256: bytes(media.fileEncSha256),
  });
  return { facts, file };
}

const { ResultType } = proto.MediaRetryNotification;

/**
 * An own companion could not get a file from the media host: it is uploaded once more, and the
 * companion is told the new path, sealed with a key derived from the file's.
 */
export async function answerMediaRetry(context: PhoneContext, receipt: BinaryNode): Promise<void> {
  const { id = '', from = '' } = receipt.attrs;
  const asked = getBinaryNodeChild(receipt, 'rmr');
  if (!asked) return;
  const content = context.log.content(id);
  const media = content && mediaIn(decodeContent(content))?.media;
  const lost = context.server.struckBy('media_lost');
  const directPath =
    lost || !media ? undefined : await context.server.blobs.again(media.directPath ?? '');
  const answer = proto.MediaRetryNotification.encode({
    stanzaId: id,
    result: directPath ? ResultType.SUCCESS : ResultType.NOT_FOUND,
    ...(directPath && { directPath }),
  }).finish();
  context.send({
    tag: 'notification',
    attrs: { to: from, id, type: 'mediaretry', t: String(Math.floor(Date.now() / 1000)) },
    content: [
      media?.mediaKey
        ? sealedAnswer(answer, media.mediaKey, id)
        : { tag: 'error', attrs: { code: String(ResultType.NOT_FOUND) } },
      { tag: 'rmr', attrs: asked.attrs },
    ],
  });
}

/** As baileys `lib/Utils/messages-media.js`, decryptMediaRetryData, reads it. */
function sealedAnswer(answer: Uint8Array, mediaKey: Uint8Array, id: string): BinaryNode {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', retryKey(mediaKey), iv).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(answer), cipher.final(), cipher.getAuthTag()]);
  return {
    tag: 'encrypt',
    attrs: {},
    content: [
      { tag: 'enc_p', attrs: {}, content: sealed },
      { tag: 'enc_iv', attrs: {}, content: iv },
    ],
  };
}

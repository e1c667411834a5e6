import type { MediaContent } from '@patchbay/contract';
import { type MediaType, type proto, toNumber } from '../baileys.js';
import { besideFrom } from './beside.js';
import { unwrap } from './envelopes.js';

/** What the kinds of media have in common, and what only some of them say. */
export type MediaMessage = proto.Message.IImageMessage &
  proto.Message.IVideoMessage &
  proto.Message.IAudioMessage &
  proto.Message.IDocumentMessage;

/** The media of a message within its envelopes, whatever kind it is. */
export function mediaOf(
  message: proto.IMessage,
): { media: MediaMessage; type: MediaType & MediaContent['type'] } | undefined {
  const inner = unwrap(message);
  const candidates = {
    image: inner.imageMessage,
    video: inner.videoMessage ?? inner.ptvMessage,
    audio: inner.audioMessage,
    document: inner.documentMessage,
    sticker: inner.stickerMessage,
  };
  for (const [type, media] of Object.entries(candidates)) {
    if (media) return { media: media as MediaMessage, type: type as keyof typeof candidates };
  }
  return undefined;
}

/** What a message says of its file: kind, type, size and so on; undefined without one. */
export function mediaFrom(message: proto.IMessage): MediaContent | undefined {
  const found = mediaOf(message);
  if (!found) return undefined;
  const { media, type } = found;
  const filename = media.fileName ?? media.title;
  const size = media.fileLength == null ? undefined : toNumber(media.fileLength);
  return {
    type,
    ...(media.mimetype && { mimetype: media.mimetype }),
    ...(media.caption && { caption: media.caption }),
    ...besideFrom(media.contextInfo),
    ...(filename && { filename }),
    ...(media.fileSha256?.length && { sha256: Buffer.from(media.fileSha256).toString('hex') }),
    ...(size !== undefined && Number.isSafeInteger(size) && { size }),
    ...(media.width && { width: media.width }),
    ...(media.height && { height: media.height }),
    ...(media.seconds && { seconds: media.seconds }),
    ...(media.waveform?.length && { waveform: [...media.waveform.subarray(0, 256)] }),
    ...(media.ptt && { voice: true }),
    ...(media.gifPlayback && { gif: true }),
    ...(thumbnailIn(media) && { thumbnail: true }),
  };
}

/** The small JPEG that came with a message. */
export function thumbnailOf(message: proto.IMessage): Uint8Array | undefined {
  const found = mediaOf(message);
  return found && thumbnailIn(found.media);
}

/** Larger ones are no thumbnails. */
const MAX_THUMBNAIL = 64 * 1024;

function thumbnailIn({ jpegThumbnail }: MediaMessage): Uint8Array | undefined {
  const isJpeg = jpegThumbnail?.[0] === 0xff && jpegThumbnail[1] === 0xd8;
  return isJpeg && jpegThumbnail.length <= MAX_THUMBNAIL ? jpegThumbnail : undefined;
}

import type { proto } from 'baileys/WAProto/index.js';
import type { MediaKind } from '../media/cipher.js';
import { unwrap } from './envelopes.js';

/** A file of a message, as its sender described it. */
export interface MediaFacts {
  kind: MediaKind;
  mimetype: string;
  /** Bytes. */
  size: number;
  filename?: string;
  width?: number;
  height?: number;
  seconds?: number;
  /** A voice note: values from 0 to 100. */
  waveform?: number[];
  voice?: boolean;
  gif?: boolean;
  /** A small JPEG, base64. */
  thumbnail?: string;
}

type Media = proto.Message.IImageMessage &
  proto.Message.IVideoMessage &
  proto.Message.IAudioMessage &
  proto.Message.IDocumentMessage;

/** The file within a message, of whatever kind; undefined for messages without one. */
export function mediaIn(message: proto.IMessage): { kind: MediaKind; media: Media } | undefined {
  const inner = unwrap(message);
  const found: [MediaKind, object | null | undefined][] = [
    ['image', inner.imageMessage],
    ['video', inner.videoMessage ?? inner.ptvMessage],
    ['audio', inner.audioMessage],
    ['document', inner.documentMessage],
    ['sticker', inner.stickerMessage],
  ];
  const [kind, media] = found.find(([, each]) => each) ?? [];
  return kind && { kind, media: media as Media };
}

export function mediaFacts(message: proto.IMessage): MediaFacts | undefined {
  const found = mediaIn(message);
  if (!found) return undefined;
  const { kind, media } = found;
  return {
    kind,
    mimetype: media.mimetype ?? '',
    size: Number(media.fileLength ?? 0),
    ...(media.fileName && { filename: media.fileName }),
    ...(media.width && { width: media.width }),
    ...(media.height && { height: media.height }),
    ...(media.seconds && { seconds: media.seconds }),
    ...(media.waveform?.length && { waveform: [...media.waveform] }),
    ...(media.ptt && { voice: true }),
    ...(media.gifPlayback && { gif: true }),
    ...(media.jpegThumbnail?.length && {
      thumbnail: Buffer.from(media.jpegThumbnail).toString('base64'),
    }),
  };
}

import { rm } from 'node:fs/promises';
import type { MediaContent } from '@patchbay/contract';
import { ApiError } from '../http/api-error.js';
import { encodeSound, pictureOf } from './ffmpeg.js';
import { type ImageFacts, inspectImage, isShownAsImage, thumbnailOf } from './inspect-image.js';
import { inspectTimed, type TimedFacts } from './inspect-video.js';
import type { MediaLibrary } from './media-library.js';
import type { SpooledFile } from './spool.js';
import { NotOpus, toVoiceNote } from './voice-note.js';

/** A file that came in to be sent. */
export interface Upload {
  file: SpooledFile;
  /** As the client said it. */
  mimetype: string;
  filename: string | undefined;
}

/** How it is to be sent. */
export interface MediaWishes {
  type?: MediaContent['type'] | undefined;
  caption?: string | undefined;
  filename?: string | undefined;
  quotedMessageId?: string | undefined;
  viewOnce?: boolean | undefined;
}

export interface PreparedMedia {
  content: MediaContent;
  /** A small JPEG. */
  thumbnail: Uint8Array | undefined;
}

/** Videos that phones play; others are sent as documents. */
const VIDEO = ['video/mp4', 'video/3gpp', 'video/quicktime'];
/** Audio files that phones play. */
const AUDIO = ['audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/ogg', 'audio/amr', 'audio/x-m4a'];
const VOICE = 'audio/ogg; codecs=opus';

/** Makes messages of files: looks into them, and puts them in the library. */
export class OutgoingMedia {
  constructor(
    private readonly library: MediaLibrary,
    /** The program that encodes what browsers record otherwise. */
    private readonly ffmpeg: string,
  ) {}

  /**
   * The file as picture, video, audio file, sticker or document. It is in the library when this
   * resolves.
   * @throws ApiError `unsupported_media_type` when it is not what its type says
   */
  async prepare(upload: Upload, wishes: MediaWishes): Promise<PreparedMedia> {
    const { file } = upload;
    const mimetype = upload.mimetype.split(';')[0]?.trim().toLowerCase() ?? '';
    const type = wishes.type ?? kindOf(mimetype);
    const { caption, quotedMessageId, viewOnce } = wishes;
    if (caption && (type === 'audio' || type === 'sticker')) {
      throw new ApiError('invalid_request', `caption: WhatsApp shows none with ${type}s`);
    }
    if (viewOnce && type !== 'image' && type !== 'video') {
      throw new ApiError('invalid_request', `viewOnce: WhatsApp has it for no ${type}`);
    }
    const { thumbnail, ...facts } = await this.look(file, type, mimetype);
    await this.library.keep(file);
    const filename = wishes.filename ?? upload.filename;
    const content: MediaContent = {
      type,
      mimetype: mimetype || 'application/octet-stream',
      sha256: file.hash,
      size: file.size,
      ...facts,
      ...(caption && { caption }),
      ...(type === 'document' && { filename: filename ?? 'file' }),
      ...(thumbnail && { thumbnail: true }),
      ...(quotedMessageId && { quotedMessageId }),
      ...(viewOnce && { viewOnce }),
    };
    return { content, thumbnail };
  }

  /**
   * A recording as a voice note: Ogg/Opus with duration and waveform, in the library when this
   * resolves.
   * @throws ApiError `unsupported_media_type`
   */
  async prepareVoice(
    { file }: Upload,
    { quotedMessageId, viewOnce }: Pick<MediaWishes, 'quotedMessageId' | 'viewOnce'>,
  ): Promise<PreparedMedia> {
    const output = this.library.spool.newPath();
    try {
      const facts = await toVoiceNote(file.path, output).catch((error) => {
        if (!(error instanceof NotOpus)) throw notAsSaid(error);
        return this.encode(file, error, output);
      });
      const note = await this.library.spool.finished(output);
      await this.library.keep(note);
      const content: MediaContent = {
        type: 'audio',
        voice: true,
        mimetype: VOICE,
        sha256: note.hash,
        size: note.size,
        ...facts,
        ...(quotedMessageId && { quotedMessageId }),
        ...(viewOnce && { viewOnce }),
      };
      return { content, thumbnail: undefined };
    } finally {
      await rm(output, { force: true });
    }
  }

  private async encode(file: SpooledFile, found: NotOpus, output: string) {
    const encoded = this.library.spool.newPath();
    try {
      const done = await encodeSound(this.ffmpeg, file.path, encoded);
      if (!done) throw notAsSaid(found);
      return await toVoiceNote(encoded, output).catch((error) => {
        throw notAsSaid(error);
      });
    } finally {
      await rm(encoded, { force: true });
    }
  }

  /** A picture from near the beginning, which itself is often black; undefined without ffmpeg. */
  private async thumbnailOfVideo(
    path: string,
    { seconds, width }: TimedFacts,
  ): Promise<Buffer | undefined> {
    if (!width) return undefined;
    const picture = this.library.spool.newPath();
    try {
      const at = Math.min(1, (seconds ?? 0) / 10);
      if (!(await pictureOf(this.ffmpeg, path, picture, at))) return undefined;
      return await thumbnailOf(picture).catch(() => undefined);
    } finally {
      await rm(picture, { force: true });
    }
  }

  private async look(
    { path }: SpooledFile,
    type: MediaContent['type'],
    mimetype: string,
  ): Promise<Looked> {
    switch (type) {
      case 'image':
      case 'sticker':
        return await inspectImage(path, mimetype).catch((error) => {
          throw notAsSaid(error);
        });
      case 'video': {
        const facts = await inspectTimed(path);
        const thumbnail = await this.thumbnailOfVideo(path, facts);
        return { ...facts, ...(thumbnail && { thumbnail }) };
      }
      case 'audio':
        return await inspectTimed(path);
      case 'document':
        return {};
    }
  }
}

type Looked = Partial<ImageFacts> & TimedFacts;

function kindOf(mimetype: string): MediaContent['type'] {
  if (isShownAsImage(mimetype)) return 'image';
  if (VIDEO.includes(mimetype)) return 'video';
  return AUDIO.includes(mimetype) ? 'audio' : 'document';
}

function notAsSaid(error: unknown): ApiError {
  if (error instanceof NotOpus) {
    return new ApiError(
      'unsupported_media_type',
      `A voice note needs a recording in Opus (WebM, Ogg or MP4); this one is ${error.codec ?? 'unreadable'}. Other recordings are accepted where ffmpeg is installed on the server.`,
    );
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError('unsupported_media_type', `The file is not what it says to be: ${detail}`);
}

import { Model } from '../model.js';
import type { FileKind, SealedFile } from '../talk.js';
import { describeMedia } from './media-facts.js';

const PREVIEW = 512;

/** A file that waits to be sent. */
class OpaqueData {
  private address: string | undefined;

  private constructor(
    readonly blob: Blob,
    readonly type: string,
  ) {}

  static async createFromData(blob: Blob, type: string): Promise<OpaqueData> {
    return new OpaqueData(blob, type);
  }

  url(): string {
    this.address ??= URL.createObjectURL(this.blob);
    return this.address;
  }

  autorelease(): void {
    if (this.address) URL.revokeObjectURL(this.address);
  }

  formData(): Blob {
    return this.blob;
  }
}

/** A file by its hash. */
interface MediaObject {
  filehash: string;
  type: string;
  size: number;
  contentInfo: object;
  consolidate(attributes: object): void;
}

interface Wishes {
  asSticker?: boolean;
  asGif?: boolean;
  isPtt?: boolean;
  asDocument?: boolean;
}

/** The upload names a file by its hash only, so the content waits here for it. */
const contents = new Map<string, Blob>();
const objects = new Map<string, MediaObject>();

function getOrCreateMediaObject(filehash: string): MediaObject {
  const known = objects.get(filehash);
  if (known) return known;
  const made: MediaObject = {
    filehash,
    type: '',
    size: 0,
    contentInfo: {},
    consolidate: (attributes) => Object.assign(made, attributes),
  };
  objects.set(filehash, made);
  return made;
}

function typeOf(mimetype: string, { asSticker, isPtt, asDocument }: Wishes): string {
  if (asDocument) return 'document';
  if (asSticker) return 'sticker';
  const [family = ''] = mimetype.split('/');
  if (family === 'audio') return isPtt ? 'ptt' : 'audio';
  return family === 'image' || family === 'video' ? family : 'document';
}

async function prepare(opaque: OpaqueData, wishes: Wishes): Promise<Model> {
  const { blob, type: mimetype } = opaque;
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  const filehash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const type = typeOf(mimetype, wishes);
  contents.set(filehash, blob);
  return new Model({
    type,
    mimetype,
    filehash,
    size: blob.size,
    mediaBlob: opaque,
    ...(blob instanceof File && { filename: blob.name }),
    ...(wishes.asGif && type === 'video' && { isGif: true }),
    ...(await describeMedia(blob, type)),
  });
}

/** Media types share keys: a voice note is an audio file. */
const kindOf = (type: string): FileKind => (type === 'ptt' ? 'audio' : (type as FileKind));

async function post(path: string, type: string, body: BodyInit): Promise<Response> {
  const response = await fetch(`/media/${path}?kind=${kindOf(type)}`, { method: 'POST', body });
  if (response.ok) return response;
  throw Object.assign(new Error(`the media host answers ${response.status}`), {
    status: response.status,
  });
}

async function upload(blob: Blob, type: string) {
  const sealed = (await (await post('upload', type, blob)).json()) as SealedFile;
  const url = new URL(sealed.directPath, location.href).href;
  return {
    ...sealed,
    url,
    mmsUrl: url,
    uploadHash: sealed.encFilehash,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
  };
}

async function toWebpSticker(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(PREVIEW, PREVIEW);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, PREVIEW, PREVIEW);
  return await canvas.convertToBlob({ type: 'image/webp' });
}

export const mediaModules = {
  WAWebMediaOpaqueData: OpaqueData,
  WAWebPrepRawMedia: {
    prepRawMedia: (opaque: OpaqueData, wishes: Wishes) => ({
      waitForPrep: () => prepare(opaque, wishes),
    }),
  },
  WAWebMediaStorage: { getOrCreateMediaObject },
  WAWebMmsMediaTypes: {
    msgToMediaType: ({ type }: { type: string }) => type,
    castToV4: (type: string) => type,
  },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
  WAWebMediaMmsV4Upload: {
    uploadMedia: async ({ mediaObject }: { mediaObject: MediaObject }) => {
      const { filehash, type } = mediaObject;
      const content = contents.get(filehash);
      if (!content) throw new Error('there is no file of this hash to upload');
      contents.delete(filehash);
      objects.delete(filehash);
      return { mediaEntry: await upload(content, type) };
    },
  },
  WAWebUploadManager: {
    encryptAndUpload: ({ blob, type }: { blob: Blob; type: string }) => upload(blob, type),
  },
  WAWebStartMediaUploadQpl: { startMediaUploadQpl: () => ({}) },
  WAWebImageUtils: { toWebpSticker },
  WAWebDownloadManager: {
    downloadManager: {
      downloadAndMaybeDecrypt: async ({
        type,
        directPath,
        mediaKey,
        filehash,
        encFilehash,
      }: SealedFile & { type: string }) => {
        const sealed: SealedFile = { directPath, mediaKey, filehash, encFilehash };
        return await (await post('open', type, JSON.stringify(sealed))).arrayBuffer();
      },
    },
  },
};

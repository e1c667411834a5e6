import sharp, { type Sharp } from 'sharp';

// One picture at a time and nothing kept: memory counts more than speed here.
sharp.cache(false);
sharp.concurrency(1);

export interface ImageFacts {
  /** Pixels, as the picture is shown. */
  width: number;
  height: number;
  /** JPEG. */
  thumbnail: Buffer;
}

/** The longer side of a thumbnail (pixels). */
const THUMBNAIL = 100;
/** A small file can hold a huge picture; more is refused. */
const MAX_PIXELS = 100_000_000;

/** Formats that phones show as a picture; others are sent as documents. */
const SHOWN: Record<string, string> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
};

export function isShownAsImage(mimetype: string): boolean {
  return mimetype in SHOWN;
}

/** @throws Error when the file is not the picture that its type says */
export async function inspectImage(path: string, mimetype: string): Promise<ImageFacts> {
  const image = sharp(path, { limitInputPixels: MAX_PIXELS, sequentialRead: true });
  const { format, autoOrient } = await image.metadata();
  if (format !== SHOWN[mimetype]) throw new Error(`the file is ${format}, not ${mimetype}`);
  return { width: autoOrient.width, height: autoOrient.height, thumbnail: await small(image) };
}

/** A picture of any format as a small JPEG; throws when it is none. */
export async function thumbnailOf(picture: Buffer | string): Promise<Buffer> {
  return await small(sharp(picture, { limitInputPixels: MAX_PIXELS, sequentialRead: true }));
}

async function small(image: Sharp): Promise<Buffer> {
  return await image
    .autoOrient()
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 50 })
    .toBuffer();
}

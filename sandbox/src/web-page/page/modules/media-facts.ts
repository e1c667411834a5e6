/** Longest side of the small picture that goes with an image. */
const THUMBNAIL = 72;
/** A file that the browser cannot play tells nothing. */
const PATIENCE_MS = 1500;

interface Described {
  width?: number;
  height?: number;
  /** Seconds, as text. */
  duration?: string;
  /** Base64. */
  preview?: string;
}

/** What the browser finds out about a file; nothing about one that it cannot read. */
export async function describeMedia(blob: Blob, type: string): Promise<Described> {
  try {
    if (type === 'image' || type === 'sticker') return await describeImage(blob);
    if (type === 'video') return await describePlayable(blob, document.createElement('video'));
    if (type === 'audio' || type === 'ptt') {
      return await describePlayable(blob, document.createElement('audio'));
    }
  } catch {
    // Sent as it is: whoever gets it may be able to read it.
  }
  return {};
}

async function describeImage(blob: Blob): Promise<Described> {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const scale = Math.min(1, THUMBNAIL / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const [, preview = ''] = canvas.toDataURL('image/jpeg', 0.6).split(',');
  return { width, height, preview };
}

async function describePlayable(blob: Blob, element: HTMLMediaElement): Promise<Described> {
  const url = URL.createObjectURL(blob);
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error('no metadata in time')), PATIENCE_MS);
      element.onloadedmetadata = () => resolve();
      element.onerror = () => reject(new Error('cannot be played'));
      element.preload = 'metadata';
      element.src = url;
    });
    const { duration } = element;
    const size =
      element instanceof HTMLVideoElement && element.videoWidth > 0
        ? { width: element.videoWidth, height: element.videoHeight }
        : {};
    return { ...size, ...(Number.isFinite(duration) && { duration: String(duration) }) };
  } finally {
    URL.revokeObjectURL(url);
  }
}

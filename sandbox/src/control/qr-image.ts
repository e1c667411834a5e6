import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { HttpError } from './http-error.js';

/** More than any screen shows, and no decompression bomb. */
const MOST_PIXELS = 40_000_000;

/**
 * Reads the text of the QR in a picture.
 * @param dataUrl `data:image/png;base64,...`
 * @throws HttpError 400 `image_malformed`, 422 `qr_not_found`
 */
export function readQrImage(dataUrl: string): string {
  const base64 = /^data:image\/png;base64,([A-Za-z0-9+/=\s]+)$/.exec(dataUrl)?.[1];
  if (base64 === undefined) {
    throw new HttpError(400, 'image_malformed', 'image must be a PNG as data:image/png;base64,...');
  }
  const { data, width, height } = decodePng(Buffer.from(base64, 'base64'));
  const found = readQr(new Uint8ClampedArray(data), width, height);
  if (!found) throw new HttpError(422, 'qr_not_found', 'There is no readable QR in this picture.');
  return found.data;
}

function decodePng(bytes: Buffer): PNG {
  try {
    // Width and height are the first fields of the first chunk.
    if (bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > MOST_PIXELS) throw new Error('size');
    return PNG.sync.read(bytes);
  } catch {
    throw new HttpError(400, 'image_malformed', 'This is not a PNG picture that can be read.');
  }
}

// jsqr is CommonJS with an ES-module default: Node hands over the namespace, bundlers the function.
const readQr = ('default' in jsqr ? jsqr.default : jsqr) as typeof jsqr.default;

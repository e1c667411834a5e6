import type { MediaContent } from '@patchbay/contract';
import type { OutgoingFile } from '../../engine.js';
import { EngineError } from '../../engine-error.js';
import { prepareWAMessageMedia, type proto, type WASocket } from '../baileys.js';
import { contextToBaileys } from './beside.js';

/** No byte taken for so long, and the upload is given up (ms). */
const UPLOAD_IDLE = 30_000;

/**
 * Encrypts a file to the temporary folder, uploads it and describes it, all chunk by chunk. Facts
 * that are absent are given as empty: rc14 would look for them in the file with programs and memory
 * of its own (`lib/Utils/messages.js`, prepareWAMessageMedia).
 * @throws EngineError `timeout`, certainly not sent, when the media host did not take it
 */
export async function mediaToBaileys(
  sock: WASocket,
  content: MediaContent,
  { content: stream, thumbnail }: OutgoingFile,
): Promise<proto.IMessage> {
  const { type, caption, filename, width, height, seconds, waveform, voice, gif, viewOnce } =
    content;
  const described = {
    mimetype: content.mimetype ?? 'application/octet-stream',
    jpegThumbnail: thumbnail ? Buffer.from(thumbnail) : null,
    ...(caption && { caption }),
    ...(filename && { fileName: filename }),
    ...(width && height && { width, height }),
    ...((seconds || type === 'audio') && { seconds: wholeSeconds(seconds) }),
    ...(voice && { ptt: true, waveform: Uint8Array.from(waveform ?? []) }),
    ...(gif && { gifPlayback: true }),
    ...(viewOnce && { viewOnce: true }),
    contextInfo: contextToBaileys(content),
  };
  const media = { [type]: { stream }, ...described };
  try {
    const message = await prepareWAMessageMedia(
      media as unknown as Parameters<typeof prepareWAMessageMedia>[0],
      {
        logger: sock.ws.config.logger,
        upload: sock.waUploadToServer,
        mediaUploadTimeoutMs: UPLOAD_IDLE,
      },
    );
    return viewOnce ? toBeOpenedOnce(message) : message;
  } catch (error) {
    stream.destroy();
    const message = 'The file could not be uploaded to WhatsApp';
    throw new EngineError('timeout', message, true, { cause: error });
  }
}

/** In its envelope, as phones send it: of sound it is another one than of pictures. */
function toBeOpenedOnce(message: proto.IMessage): proto.IMessage {
  return message.audioMessage
    ? { viewOnceMessageV2Extension: { message } }
    : { viewOnceMessageV2: { message } };
}

/** Phones know whole seconds only, and nothing that lasts none. */
function wholeSeconds(seconds: number | undefined): number {
  return seconds === undefined ? 0 : Math.max(1, Math.round(seconds));
}

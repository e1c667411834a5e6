import type { Message } from '@patchbay/contract';

/** A file that is to be sent, with what is known of it before the server has looked. */
export interface OutgoingFile {
  blob: Blob;
  name: string;
  /** A recording of the page's own, sent as a voice note. */
  voice?: { seconds: number; waveform: number[] };
  /** Pixels, of pictures and videos. */
  width?: number;
  height?: number;
}

/** What a person wants to be sent to a chat. */
export interface Outgoing {
  chatId: string;
  /** The text, or the caption of the file. */
  text: string;
  file?: OutgoingFile;
  quoted?: Message['quotedMessage'];
  /** Jids of persons whom the text names as `@<user part>`. */
  mentions?: string[];
}

/** The same, written down until the server has it. */
export interface Wish extends Outgoing {
  /** The Idempotency-Key: all tries under it are one message. */
  key: string;
  userId: string;
  sessionId: string;
  /** When the person pressed Send, ISO; also their order. */
  at: string;
  /** Why the server refused it; it is then tried again only when a person says so. */
  refused?: string;
}

/** `crypto.randomUUID` is missing on pages that came over plain http. */
export function newKey(): string {
  return `page-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
}

/** How a wish looks in the thread. `fileUrl`: where the page keeps its file. */
export function shownAs(wish: Wish, fileUrl: string | undefined): Message {
  const { chatId, text, at, key, quoted, file } = wish;
  return {
    id: key,
    chatId,
    content: text,
    timestamp: at,
    fromMe: true,
    senderName: null,
    senderJid: null,
    type: 'text',
    ...(file && shownFile(file, text, fileUrl)),
    status: wish.refused === undefined ? 'queued' : 'failed',
    error: wish.refused ?? null,
    reactions: [],
    ...(quoted && { quotedMessage: quoted }),
    ...(wish.mentions && { mentions: wish.mentions }),
  };
}

/** Until the server says what it made of a file: what browsers can show, anything else by its name. */
function shownFile(file: OutgoingFile, caption: string, url = ''): Partial<Message> {
  const { blob, name, voice, width, height } = file;
  const facts = { size: blob.size, width, height };
  const what = { mimetype: blob.type, mediaUrl: url };
  if (voice) return { ...what, type: 'audio', media: { ...facts, ...voice, voice: true } };
  const type = kindOf(blob.type);
  if (type === 'document') return { ...what, type, filename: name, caption, media: facts };
  return { ...what, type, media: facts };
}

/** As the server will see it, by the MIME type. */
export function kindOf(mimetype: string): 'image' | 'video' | 'audio' | 'document' {
  if (/^image\/(jpeg|png|webp|gif)$/.test(mimetype)) return 'image';
  if (/^video\/(mp4|3gpp|quicktime|webm)/.test(mimetype)) return 'video';
  return mimetype.startsWith('audio/') ? 'audio' : 'document';
}

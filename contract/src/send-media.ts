import { z } from 'zod';
import { sendTiming } from './message.js';
import { MessageId } from './message-content.js';

const to = {
  chatId: z.string().min(1).max(128),
  quotedMessageId: MessageId.optional(),
  ...sendTiming,
};

/** Opened once, then gone; WhatsApp has it for pictures, videos and voice notes. */
const viewOnce = z.boolean().optional();
/** The same where every field is text. */
const viewOnceField = z
  .enum(['true', 'false'])
  .transform((said) => said === 'true')
  .optional();

const about = {
  caption: z.string().max(65_536).optional(),
  /** How a document is called; of an upload, instead of the file's own name. */
  filename: z.string().min(1).max(255).optional(),
  /** Absent: by the MIME type. `document` keeps a picture or video exactly as it is. */
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker']).optional(),
};

/** Where to get a file on the public internet. */
const url = z.url({ protocol: /^https?$/ }).max(2048);

/** Fields beside the part `file` of a multipart request. */
export const SendMediaFields = z.object({ ...to, ...about, viewOnce: viewOnceField }).strict();

/** The same as JSON, with the file on the public internet. */
export const SendMediaByUrl = z
  .object({ ...to, ...about, viewOnce, url })
  .strict()
  .meta({ id: 'SendMediaByUrl' });

/** Fields beside the part `audio` of a multipart request. */
export const SendAudioFields = z.object({ ...to, viewOnce: viewOnceField }).strict();

export const SendAudioByUrl = z
  .object({ ...to, viewOnce, url })
  .strict()
  .meta({ id: 'SendAudioByUrl' });

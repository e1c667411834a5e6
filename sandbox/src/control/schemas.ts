import { z } from 'zod';
import { FAULT_KINDS } from '../protocol/fault-kinds.js';

/** `+51 999 111 222` is as good as `51999111222`. */
export const phoneNumber = z
  .string('must be a phone number in digits, as text')
  .transform((typed) => typed.replace(/^\+|[\s().-]/g, ''))
  .pipe(z.string().regex(/^\d{5,15}$/, 'must be a phone number of 5 to 15 digits'));

export const groupJid = z.string().regex(/^[\d-]+@g\.us$/);

/** A phone number or a group jid. */
export const chat = z.union(
  [groupJid, z.literal('status@broadcast'), phoneNumber],
  'must be a phone number, a group jid or status@broadcast',
);

export const newPhone = z.object({
  phone: phoneNumber,
  name: z.string('must be a text').trim().min(1, 'must not be empty').max(60, 'is too long'),
});

export const scan = z
  .object({ qr: z.string().min(1).optional(), image: z.string().min(1).optional() })
  .refine(
    ({ qr, image }) => (qr === undefined) !== (image === undefined),
    'give either qr (the text of the QR) or image (a PNG data URL of it)',
  );

export const pair = z.object({ code: z.string('must be the pairing code, as text').min(1) });

const count = z.coerce.number('must be a number').int().min(0);
const flag = z.enum(['0', '1']).transform((text) => text === '1');

/** What a message says of its file, as query; the body is the file. */
export const outgoingMedia = z.object({
  to: chat,
  kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  mimetype: z.string().min(1).default('application/octet-stream'),
  caption: z.string().optional(),
  filename: z.string().optional(),
  width: count.optional(),
  height: count.optional(),
  seconds: count.optional(),
  /** Values from 0 to 100, with commas between. */
  waveform: z
    .string()
    .regex(/^\d{1,3}(,\d{1,3})*$/)
    .transform((text) => text.split(',').map(Number))
    .optional(),
  voice: flag.optional(),
  gif: flag.optional(),
  viewOnce: flag.optional(),
  /** A small JPEG, base64. */
  thumbnail: z.string().optional(),
});

export const read = z.object({ chat, messageIds: z.array(z.string().min(1)).optional() });

export const typing = z.object({
  to: chat,
  state: z.enum(['composing', 'recording', 'paused']).default('composing'),
});

export const newGroup = z.object({
  subject: z.string('must be a text').trim().min(1, 'must not be empty').max(100, 'is too long'),
  participants: z.array(phoneNumber, 'must be a list of phone numbers').min(2, 'needs two or more'),
});

const milliseconds = z.number().int().min(0).max(86_400_000);

const fault = z.object({
  kind: z.enum(FAULT_KINDS, `must be "random" or one of ${FAULT_KINDS.join(', ')}`),
  phone: phoneNumber.optional(),
  device: z.number().int().min(0).optional(),
  times: z.number().int().min(1).optional(),
  forMs: milliseconds.optional(),
  delayMs: milliseconds.optional(),
  code: z.number().int().min(100).max(999).optional(),
  state: z
    .string()
    .regex(/^[A-Z_]+$/)
    .optional(),
});

const randomFaults = z.object({
  kind: z.literal('random'),
  seed: z.number().int(),
  everyMs: milliseconds.min(1),
  kinds: z.array(z.enum(FAULT_KINDS)).min(1).optional(),
  phones: z.array(phoneNumber).optional(),
  count: z.number().int().min(1).optional(),
});

export const faultRequest = { fault, randomFaults };

export const settle = z.object({ timeoutMs: milliseconds.optional() });

export const oldHistory = z
  .object({
    messages: z.number().int().min(1).max(1_000_000),
    chats: z.number().int().min(1).max(10_000).default(20),
    portion: z.number().int().min(1).max(10_000).default(1000),
    /** Messages that the phone has in all; the others come when they are asked for. */
    kept: z.number().int().min(1).max(1_000_000).optional(),
  })
  .transform((old) => ({ ...old, kept: Math.max(old.messages, old.kept ?? 0) }));

export const deviceNumber = z.coerce.number('must be a number').int().min(1);

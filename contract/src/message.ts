import { z } from 'zod';
import { mediaFacts, SendLinkPreview } from './message-content.js';
import { MentionNames, messageDetails } from './message-details.js';
import { NoteInThread } from './team.js';

/**
 * Ways of an outgoing message; `received` is every inbound one. It waits (`queued`), is handed over
 * (`sending`), WhatsApp has it (`sent`), and then what the other side tells. It may also end as
 * `failed`, or, certainly not sent, as `expired` or `cancelled`.
 */
export const MessageStatus = z
  .enum([
    'received',
    'queued',
    'sending',
    'sent',
    'delivered',
    'read',
    'played',
    'failed',
    'expired',
    'cancelled',
  ])
  .meta({ id: 'MessageStatus' });
export type MessageStatus = z.infer<typeof MessageStatus>;

/** Why a message failed, for machines. docs/sending.md says what each means and what helps. */
export const SendFailureCode = z
  .enum([
    'restricted',
    'malformed',
    'not_in_group',
    'refused',
    'not_on_whatsapp',
    'unsupported',
    'number_changed',
    'no_ack',
  ])
  .meta({ id: 'SendFailureCode' });
export type SendFailureCode = z.infer<typeof SendFailureCode>;

export const SendFailure = z
  .object({
    code: SendFailureCode,
    /** True: nobody got it, sending it anew cannot show it twice. False: it may have arrived. */
    certainlyNotSent: z.boolean(),
  })
  .meta({ id: 'SendFailure' });
export type SendFailure = z.infer<typeof SendFailure>;

export const Message = z
  .object({
    id: z.string(),
    chatId: z.string(),
    /** What to show as text: the text itself, a caption, or a short description. */
    content: z.string(),
    timestamp: z.iso.datetime(),
    fromMe: z.boolean(),
    senderName: z.string().nullable(),
    senderJid: z.string().nullable(),
    type: z.string(),
    status: MessageStatus,
    /** Why a failed message failed, for people. */
    error: z.string().nullable(),
    /** The same for machines; present when the message failed. */
    failure: SendFailure.optional(),
    /** While it waits to be sent: when that is expected, by schedule and pacing. */
    dueAt: z.iso.datetime().optional(),
    mimetype: z.string().optional(),
    filename: z.string().optional(),
    caption: z.string().optional(),
    /** Path of the file on this server; it is fetched from WhatsApp when it is not here yet. */
    mediaUrl: z.string().optional(),
    /** Path of a small JPEG that came with the message. */
    thumbnailUrl: z.string().optional(),
    media: z.object(mediaFacts).optional(),
    quotedMessage: z
      .object({
        id: z.string(),
        content: z.string(),
        type: z.string().optional().describe('Absent: the message itself is not here'),
        fromMe: z.boolean().optional(),
        senderName: z.string().nullable().optional(),
        mentionNames: MentionNames.optional(),
      })
      .optional(),
    reactions: z.array(z.object({ emoji: z.string(), fromMe: z.boolean(), senderJid: z.string() })),
    ...messageDetails,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** A page of messages, oldest first. */
export const MessagePage = z
  .object({
    messages: z.array(Message),
    before: z.string().nullable().describe('Continues towards older ones; null at the beginning'),
    after: z.string().optional().describe('Continues towards newer ones; absent at the newest'),
    notes: z
      .array(NoteInThread)
      .optional()
      .describe(
        'Private notes of the time that the page covers, oldest first, at most the newest 200; of one chat only',
      ),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

export const SharedKind = z.enum(['media', 'documents', 'links']).meta({ id: 'SharedKind' });
export type SharedKind = z.infer<typeof SharedKind>;

/** What was shared in a chat, newest first; of links the messages that they stand in. */
export const SharedPage = z
  .object({
    messages: z.array(Message),
    after: z.string().nullable().describe('Continues towards older ones; null at the end'),
  })
  .meta({ id: 'SharedPage' });
export type SharedPage = z.infer<typeof SharedPage>;

/** What a search found, newest first. */
export const SearchPage = z
  .object({
    results: z.array(
      z.object({
        message: Message,
        snippet: z.object({
          text: z.string().describe('The text around what was found'),
          highlights: z
            .array(z.object({ start: z.number().int(), end: z.number().int() }))
            .describe('Where it stands in `text`, in UTF-16 units; `end` is excluded'),
        }),
      }),
    ),
    after: z.string().nullable().describe('Continues towards older ones; null at the end'),
  })
  .meta({ id: 'SearchPage' });
export type SearchPage = z.infer<typeof SearchPage>;

/** What every body that sends something may say beside what it sends. */
export const sendTiming = {
  /** Send it then; absent or past: now. At most a year ahead. */
  sendAt: z.iso.datetime({ offset: true }).optional(),
  /** When it could not be sent until then, it is `expired` instead. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
};

/** `chatId`: a chat's id, a phone number in digits, or a jid. */
export const SendText = z
  .object({
    chatId: z.string().min(1).max(128),
    text: z.string().min(1).max(65_536),
    quotedMessageId: z.string().min(1).max(128).optional(),
    linkPreview: SendLinkPreview.optional(),
    ...sendTiming,
  })
  .strict()
  .meta({ id: 'SendText' });
export type SendText = z.infer<typeof SendText>;

/** Query of every route that sends: wait for a state, at most `timeout` seconds. */
export const SendWait = z.object({
  wait: z.enum(['sent', 'delivered']).optional(),
  timeout: z.coerce.number().int().min(1).max(120).default(30),
});
export type SendWait = z.infer<typeof SendWait>;

/**
 * 202: accepted, and durable. 200, when `wait` was asked for: the state was reached, or the message
 * has ended otherwise; then `success` is false and `error` says why.
 */
export const SendAnswer = z
  .object({
    success: z.boolean(),
    messageId: z.string(),
    chatId: z.string(),
    status: MessageStatus,
    /** While it waits: when it is expected to be sent. */
    dueAt: z.iso.datetime().optional(),
    error: z.string().optional(),
    failure: SendFailure.optional(),
  })
  .meta({ id: 'SendAnswer' });
export type SendAnswer = z.infer<typeof SendAnswer>;

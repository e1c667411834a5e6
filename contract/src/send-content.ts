import { z } from 'zod';
import { Jid } from './jid.js';
import { sendTiming } from './message.js';
import { EventAnswer, MessageId, SendLinkPreview } from './message-content.js';

/** Durations that WhatsApp's own clients offer: off, a day, a week, 90 days. */
const TIMER_SECONDS = [0, 86_400, 604_800, 7_776_000];
/** A day, a week, 30 days. */
const PIN_SECONDS = [86_400, 604_800, 2_592_000];

const text = z.string().min(1).max(65_536);
const targetId = MessageId;
const oneOf = (values: number[]) =>
  z
    .number()
    .int()
    .refine((value) => values.includes(value), `must be one of ${values.join(', ')}`);

/** What nearly every kind may carry beside what it says. */
const beside = {
  quotedMessageId: MessageId.optional(),
  mentions: z.array(Jid).max(1024).optional(),
};

const place = {
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().max(1024).optional(),
  address: z.string().max(1024).optional(),
};

/** Either a vCard, or a name and a phone number from which one is made. */
const SendContact = z.union([
  z.object({ name: z.string().min(1).max(256), vcard: z.string().min(1).max(65_536) }).strict(),
  z
    .object({
      name: z.string().min(1).max(256),
      phone: z.string().regex(/^\+?[1-9]\d{6,14}$/, 'must be a phone number with its country code'),
      organization: z.string().max(256).optional(),
    })
    .strict(),
]);
export type SendContact = z.infer<typeof SendContact>;

const options = z
  .array(z.string().min(1).max(100))
  .min(2, 'a poll needs two or more options')
  .max(12, 'a poll has 12 options at most')
  .refine((names) => new Set(names).size === names.length, 'the options must differ');

/** What can be said with `POST /api/sessions/:id/send`, by `type`. */
export const SendContent = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('text'),
        text,
        linkPreview: SendLinkPreview.optional(),
        /** Of a status post: `#RRGGBB`. */
        backgroundColor: z
          .string()
          .regex(/^#[0-9a-fA-F]{6}$/)
          .optional(),
        font: z.number().int().min(0).max(10).optional(),
        ...beside,
      })
      .strict(),
    z
      .object({
        type: z.literal('location'),
        ...place,
        url: z.url().max(4096).optional(),
        /** A live one: send the next position as a message with a higher `sequence`. */
        live: z.boolean().optional(),
        caption: z.string().max(4096).optional(),
        accuracy: z.number().int().min(0).max(1_000_000).optional(),
        speed: z.number().min(0).max(10_000).optional(),
        heading: z.number().int().min(0).max(360).optional(),
        sequence: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
        ...beside,
      })
      .strict(),
    z
      .object({
        type: z.literal('contact'),
        contacts: z.array(SendContact).min(1).max(50),
        quotedMessageId: beside.quotedMessageId,
      })
      .strict(),
    z
      .object({
        type: z.literal('poll'),
        name: z.string().min(1).max(255),
        options,
        /** How many options one person may choose: 1 by default, 0 any number. */
        selectableCount: z.number().int().min(0).max(12).optional(),
        ...beside,
      })
      .strict()
      .refine(({ options: all, selectableCount = 1 }) => selectableCount <= all.length, {
        path: ['selectableCount'],
        message: 'cannot be more than there are options',
      }),
    z
      .object({
        type: z.literal('event'),
        name: z.string().min(1).max(255),
        description: z.string().max(4096).optional(),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional(),
        location: z.object({ name: place.name, address: place.address }).strict().optional(),
        joinLink: z.url().max(4096).optional(),
        extraGuestsAllowed: z.boolean().optional(),
        canceled: z.boolean().optional(),
        ...beside,
      })
      .strict(),
    /** An empty emoji takes the reaction back. */
    z.object({ type: z.literal('reaction'), targetId, emoji: z.string().max(32) }).strict(),
    /** A new text, or a new caption of media, for an own message. */
    z.object({ type: z.literal('edit'), targetId, text, mentions: beside.mentions }).strict(),
    /** Deletes for everyone: an own message, or in groups, as admin, anybody's. */
    z.object({ type: z.literal('revoke'), targetId }).strict(),
    /** All options that are chosen now, by name; none takes the vote back. */
    z
      .object({
        type: z.literal('poll_vote'),
        targetId,
        options: z.array(z.string().max(100)).max(12),
      })
      .strict(),
    z
      .object({
        type: z.literal('event_response'),
        targetId,
        response: EventAnswer,
        extraGuests: z.number().int().min(0).max(10).optional(),
      })
      .strict(),
    z
      .object({
        type: z.literal('pin'),
        targetId,
        pinned: z.boolean(),
        /** Seconds: a day, a week (default) or 30 days. */
        duration: oneOf(PIN_SECONDS).optional(),
      })
      .strict(),
    /** Sets after how many seconds messages of this chat disappear: 0, 86400, 604800 or 7776000. */
    z.object({ type: z.literal('disappearing_timer'), seconds: oneOf(TIMER_SECONDS) }).strict(),
  ])
  .meta({ id: 'SendContent' });
export type SendContent = z.infer<typeof SendContent>;

const chatId = z.string().min(1).max(128);

/** `chatId`: a chat's id, a phone number in digits, a jid, or `status@broadcast` for a status post. */
export const SendMessage = z
  .object({
    chatId,
    content: SendContent,
    /** Of a status post: who may see it; without it, everybody with a name in the address book. */
    audience: z.array(Jid).min(1).max(5000).optional(),
    ...sendTiming,
  })
  .strict()
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

/** Body of `POST /api/sessions/:id/messages/:messageId/forward`. */
export const ForwardMessage = z
  .object({ chatId, ...sendTiming })
  .strict()
  .meta({ id: 'ForwardMessage' });
export type ForwardMessage = z.infer<typeof ForwardMessage>;

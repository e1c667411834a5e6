import { z } from 'zod';
import { chat, phoneNumber } from './schemas.js';

const text = z.string().min(1, 'must not be empty').max(65_536, 'is too long');
const target = z.string().min(1);
const beside = {
  quoted: z.string().min(1).optional(),
  mentions: z.array(phoneNumber).optional(),
  forwarded: z.number().int().min(1).optional(),
};

const place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
  url: z.string().optional(),
  live: z.boolean().optional(),
  caption: z.string().optional(),
  accuracy: z.number().int().optional(),
  speed: z.number().optional(),
  heading: z.number().int().optional(),
  sequence: z.number().int().optional(),
});

const event = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().optional(),
  place: z.object({ name: z.string().optional(), address: z.string().optional() }).optional(),
  joinLink: z.string().optional(),
  canceled: z.boolean().optional(),
  extraGuestsAllowed: z.boolean().optional(),
});

const preview = z.object({
  url: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  thumbnail: z.base64().optional(),
});

/** What a person can say on a phone, by `kind`; files are sent by a route of their own. */
const content = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    text,
    preview: preview.optional(),
    background: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .optional(),
    font: z.number().int().optional(),
    ...beside,
  }),
  z.object({ kind: z.literal('location'), place, ...beside }),
  z.object({
    kind: z.literal('contact'),
    contacts: z.array(z.object({ name: z.string(), vcard: z.string() })).min(1),
    ...beside,
  }),
  z.object({
    kind: z.literal('poll'),
    name: z.string().min(1),
    options: z.array(z.string().min(1)).min(2),
    selectableCount: z.number().int().min(0).optional(),
    ...beside,
  }),
  z.object({ kind: z.literal('event'), event, ...beside }),
  z.object({
    kind: z.literal('group_invite'),
    invite: z.object({ group: z.string(), subject: z.string(), code: z.string() }),
    text: z.string().optional(),
    ...beside,
  }),
  z.object({ kind: z.literal('reaction'), target, emoji: z.string().max(16) }),
  z.object({ kind: z.literal('edit'), target, text, mentions: beside.mentions }),
  z.object({ kind: z.literal('revoke'), target }),
  z.object({ kind: z.literal('poll_vote'), target, options: z.array(z.string()) }),
  z.object({
    kind: z.literal('event_response'),
    target,
    response: z.enum(['going', 'not_going', 'maybe']),
    extraGuests: z.number().int().min(0).optional(),
  }),
  z.object({
    kind: z.literal('pin'),
    target,
    pinned: z.boolean(),
    seconds: z.number().int().min(1).optional(),
  }),
  z.object({ kind: z.literal('timer'), seconds: z.number().int().min(0) }),
  z.object({ kind: z.literal('forward'), target }),
]);

/** `encoded`: a whole protobuf Message in base64, sent as it is, known kind or not. */
export const outgoingMessage = z
  .object({
    to: chat,
    text: text.optional(),
    reaction: z.object({ messageId: z.string().min(1), emoji: z.string().max(16) }).optional(),
    content: content.optional(),
    encoded: z.base64().min(1).optional(),
  })
  .refine(
    ({ text: said, reaction, content: other, encoded }) =>
      [said, reaction, other, encoded].filter((each) => each !== undefined).length === 1,
    'give one of text, reaction, content or encoded',
  );

import { z } from 'zod';
import { Jid } from './jid.js';

/** WhatsApp's id of a message; unique within a session. */
export const MessageId = z
  .string()
  .max(128)
  .regex(/^\P{Cc}+$/u, 'a message id has no control characters');

/** What nearly every kind of message may have beside what it says. */
const beside = {
  /** The message that this one answers. */
  quotedMessageId: MessageId.optional(),
  /** Jids of persons whom the text or caption names as `@<user part>`. */
  mentions: z.array(Jid).max(1024).optional(),
  /** Not written by its sender, but passed on. */
  forwarded: z.boolean().optional(),
  /** How often it was passed on; from 5 WhatsApp shows "forwarded many times". */
  forwardingScore: z.number().int().min(0).optional(),
  /** May be opened once; WhatsApp often gives linked devices only the notice of it. */
  viewOnce: z.boolean().optional(),
  /** Seconds after which it disappears from the chat, by the chat's timer. */
  expiresIn: z.number().int().min(0).optional(),
  /** Of what is sent: the stored message that this one passes on, as it stands at WhatsApp. */
  forwardOf: MessageId.optional(),
  /** Of a status post that we send: who may see it. */
  audience: z.array(Jid).max(5000).optional(),
};

/** What is known of a file before its bytes are here, as the sender says it. */
export const mediaFacts = {
  /** Bytes. */
  size: z.number().int().min(0).optional(),
  /** Pixels. */
  width: z.number().int().min(0).optional(),
  height: z.number().int().min(0).optional(),
  /** Duration. */
  seconds: z.number().min(0).optional(),
  /** Loudness over time of a voice note: 64 values from 0 to 100. */
  waveform: z.array(z.number().int().min(0).max(255)).max(256).optional(),
  /** A voice note rather than an audio file. */
  voice: z.boolean().optional(),
  /** A video that plays by itself, over and over. */
  gif: z.boolean().optional(),
  /** Whether a small picture came with it. */
  thumbnail: z.boolean().optional(),
};

/** The card under a text that has a link. `thumbnail`: a small JPEG in base64. */
export const LinkPreview = z.object({
  /** The link as it stands in the text. */
  url: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  thumbnail: z.base64().optional(),
});
export type LinkPreview = z.infer<typeof LinkPreview>;

/** What to show under a text that is sent. */
export const SendLinkPreview = z
  .union([
    LinkPreview.extend({
      url: z.url().max(4096),
      title: z.string().max(1024).optional(),
      description: z.string().max(4096).optional(),
      thumbnail: z.base64().max(65_536).optional(),
    }).strict(),
    z.boolean(),
  ])
  .describe(
    'A card for a link. `true`: what the page of the first link in the text says of itself; it is fetched before the answer, within 5 s, and left out where that fails',
  );

/** A place. `live`: where its sender is at the moment; each update is a message with a higher `sequence`. */
export const Place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
  url: z.string().optional(),
  live: z.boolean().optional(),
  /** Of live places: what its sender wrote beside it. */
  caption: z.string().optional(),
  /** Metres. */
  accuracy: z.number().optional(),
  /** Metres per second. */
  speed: z.number().optional(),
  /** Degrees clockwise from magnetic north. */
  heading: z.number().optional(),
  sequence: z.number().optional(),
});
export type Place = z.infer<typeof Place>;

/** A person's card; `phones` are read from the vCard. */
export const ContactCard = z.object({
  name: z.string(),
  vcard: z.string(),
  phones: z.array(z.string()),
});
export type ContactCard = z.infer<typeof ContactCard>;

/** A meeting that people answer with going, not going or maybe. */
export const EventCard = z.object({
  name: z.string(),
  description: z.string().optional(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().optional(),
  location: Place.pick({ latitude: true, longitude: true, name: true, address: true })
    .partial({ latitude: true, longitude: true })
    .optional(),
  /** A call link. */
  joinLink: z.string().optional(),
  canceled: z.boolean().optional(),
  extraGuestsAllowed: z.boolean().optional(),
});
export type EventCard = z.infer<typeof EventCard>;

export const EventAnswer = z.enum(['going', 'not_going', 'maybe']).meta({ id: 'EventAnswer' });
export type EventAnswer = z.infer<typeof EventAnswer>;

export const GroupInvite = z.object({
  groupJid: Jid,
  groupName: z.string(),
  code: z.string(),
  expiresAt: z.iso.datetime().optional(),
  caption: z.string().optional(),
});
export type GroupInvite = z.infer<typeof GroupInvite>;

/** What a message says, whichever engine brought it. Unknown kinds keep their raw payload beside. */
export const MessageContent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('text'),
      text: z.string(),
      linkPreview: LinkPreview.optional(),
      /** Of status posts: `#RRGGBB`. */
      backgroundColor: z.string().optional(),
      font: z.number().int().optional(),
      ...beside,
    }),
    z.object({
      type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
      mimetype: z.string().optional(),
      caption: z.string().optional(),
      filename: z.string().optional(),
      /** Hash of the file, hexadecimal; of an outgoing one, the name under which it is stored. */
      sha256: z.string().optional(),
      ...mediaFacts,
      ...beside,
    }),
    z.object({ type: z.literal('location'), ...Place.shape, ...beside }),
    z.object({ type: z.literal('contact'), contacts: z.array(ContactCard), ...beside }),
    z.object({
      type: z.literal('poll'),
      name: z.string(),
      options: z.array(z.string()),
      /** How many options one person may choose; 0 is any number. */
      selectableCount: z.number().int().min(0),
      ...beside,
    }),
    z.object({ type: z.literal('event'), ...EventCard.shape, ...beside }),
    z.object({ type: z.literal('group_invite'), ...GroupInvite.shape, ...beside }),

    // Kinds that act on another message and are no bubble of their own.
    z.object({ type: z.literal('reaction'), targetId: MessageId, emoji: z.string() }),
    z.object({
      type: z.literal('edit'),
      targetId: MessageId,
      text: z.string(),
      mentions: beside.mentions,
    }),
    z.object({
      type: z.literal('revoke'),
      targetId: MessageId,
      /** By an admin of the group, who need not be the author. */
      byAdmin: z.boolean().optional(),
      audience: beside.audience,
    }),
    z.object({
      type: z.literal('poll_vote'),
      targetId: MessageId,
      /** All that the person chooses now; none takes the vote back. */
      options: z.array(z.string()),
      /** The vote could not be decrypted, because the poll's secret is not known here. */
      unreadable: z.boolean().optional(),
    }),
    z.object({
      type: z.literal('event_response'),
      targetId: MessageId,
      response: EventAnswer,
      extraGuests: z.number().int().min(0).optional(),
      unreadable: z.boolean().optional(),
    }),
    z.object({
      type: z.literal('pin'),
      targetId: MessageId,
      pinned: z.boolean(),
      /** Seconds. */
      duration: z.number().int().min(0).optional(),
    }),

    z.object({
      type: z.literal('system'),
      text: z.string(),
      /** What happened, as a stable word: `disappearing_timer`, `group_participant_add` ... */
      action: z.string().optional(),
      /** Whom it happened to: who was added, who asks to be let in. */
      people: z.array(Jid).optional(),
      /** Of `disappearing_timer`: 0 is off. */
      seconds: z.number().int().min(0).optional(),
    }),
    z.object({ type: z.literal('undecryptable'), reason: z.string() }),
    z.object({ type: z.literal('other'), kind: z.string(), ...beside }),
  ])
  .meta({ id: 'MessageContent' });
export type MessageContent = z.infer<typeof MessageContent>;
export type MessageType = MessageContent['type'];
export type ContentOf<Type extends MessageType> = Extract<MessageContent, { type: Type }>;

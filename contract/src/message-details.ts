import { z } from 'zod';
import { Jid } from './jid.js';
import {
  ContactCard,
  EventAnswer,
  EventCard,
  GroupInvite,
  LinkPreview,
  Place,
} from './message-content.js';

/** A poll with its votes as counted so far. */
export const PollResult = z
  .object({
    name: z.string(),
    /** 0: any number. */
    selectableCount: z.number().int(),
    options: z.array(z.object({ name: z.string(), voters: z.array(Jid) })),
    /** What this session's own number chose. */
    ownVote: z.array(z.string()),
  })
  .meta({ id: 'PollResult' });
export type PollResult = z.infer<typeof PollResult>;

/** By the digits that follow an `@` in a text: how to call whom they mean. */
export const MentionNames = z
  .record(z.string(), z.string().nullable())
  .describe('A name, else the number as `+51…`; null: not known');
export type MentionNames = z.infer<typeof MentionNames>;

/** What can be said of a message beside its text, by kind. */
export const messageDetails = {
  linkPreview: LinkPreview.optional(),
  location: Place.optional(),
  contacts: z.array(ContactCard).optional(),
  poll: PollResult.optional(),
  event: EventCard.extend({
    responses: z.array(
      z.object({
        senderJid: Jid,
        fromMe: z.boolean(),
        response: EventAnswer,
        extraGuests: z.number().int(),
      }),
    ),
  }).optional(),
  groupInvite: GroupInvite.optional(),
  /**
   * Of `system` messages: what happened, as a stable word; to whom; and for a timer its seconds
   * (0: off).
   */
  system: z
    .object({
      action: z.string().optional(),
      people: z.array(Jid).optional(),
      seconds: z.number().int().optional(),
    })
    .optional(),
  mentions: z.array(Jid).optional(),
  mentionNames: MentionNames.optional(),
  forwarded: z.boolean().optional(),
  forwardingScore: z.number().int().optional(),
  viewOnce: z.boolean().optional(),
  expiresIn: z.number().int().optional(),
  /** How often its text was changed; absent: never. */
  edited: z.number().int().optional(),
  /** Deleted for everyone. */
  deleted: z.boolean().optional(),
  pinned: z.object({ until: z.iso.datetime().nullable() }).optional(),
  /** With `?raw=1`: the engine's own encoding (Baileys: a WebMessageInfo) in base64. */
  raw: z.base64().optional(),
};

export const MessageDetails = z.object(messageDetails);
export type MessageDetails = z.infer<typeof MessageDetails>;

import { z } from 'zod';
import { TimerSeconds } from './groups.js';
import { Jid } from './jid.js';

export const Contact = z
  .object({
    jid: z.string(),
    phone: z.string().nullable(),
    /** The name in the phone's address book. */
    name: z.string().nullable(),
    /** The name that the contact chose. */
    pushName: z.string().nullable(),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;

export const ContactPage = z
  .object({ contacts: z.array(Contact), after: z.string().nullable() })
  .meta({ id: 'ContactPage' });
export type ContactPage = z.infer<typeof ContactPage>;

/** Which of these numbers are on WhatsApp. */
export const CheckNumbers = z
  .object({ phones: z.array(z.string().min(5).max(32)).min(1).max(50) })
  .strict()
  .meta({ id: 'CheckNumbers' });
export type CheckNumbers = z.infer<typeof CheckNumbers>;

export const CheckedNumbers = z
  .object({
    results: z.array(
      z.object({
        /** As it was asked for. */
        phone: z.string(),
        exists: z.boolean(),
        /** How WhatsApp names the number, which may differ from it (as in Brazil). */
        jid: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'CheckedNumbers' });
export type CheckedNumbers = z.infer<typeof CheckedNumbers>;

/** The text below a contact's name; null where there is none, or the contact hides it. */
export const About = z
  .object({ text: z.string().nullable(), setAt: z.iso.datetime().nullable() })
  .meta({ id: 'About' });
export type About = z.infer<typeof About>;

export const BlockList = z.object({ jids: z.array(z.string()) }).meta({ id: 'BlockList' });
export type BlockList = z.infer<typeof BlockList>;

/** Body of PATCH /chats/:chatId: what it names is changed, also on the phone. */
export const ChangeChat = z
  .object({
    archived: z.boolean().optional(),
    pinned: z.boolean().optional(),
    muted: z.boolean().optional(),
    /** Until when it is muted; without it, muted is for ever. */
    mutedUntil: z.iso.datetime({ offset: true }).optional(),
    /** true marks the chat as unread, false reads all that is in it. */
    unread: z.boolean().optional(),
    /** After how many seconds new messages disappear, in groups too; 0: never. */
    ephemeralSeconds: TimerSeconds.optional(),
  })
  .strict()
  .refine((body) => Object.keys(body).length > 0, 'name at least one thing to change')
  .refine(
    ({ muted, mutedUntil }) => muted !== false || mutedUntil === undefined,
    'mutedUntil goes with muted: true',
  )
  .meta({ id: 'ChangeChat' });
export type ChangeChat = z.infer<typeof ChangeChat>;

/** Body of POST /chats/:chatId/history: how many messages before the oldest that is known. */
export const AskForHistory = z
  .object({ count: z.number().int().min(1).max(50).default(50) })
  .strict()
  .meta({ id: 'AskForHistory' });
export type AskForHistory = z.infer<typeof AskForHistory>;

export const HistoryAsked = z
  .object({
    requestId: z.string().describe('The event `session.history` that ends the answer names it'),
  })
  .meta({ id: 'HistoryAsked' });
export type HistoryAsked = z.infer<typeof HistoryAsked>;

export const Label = z
  .object({ id: z.string(), name: z.string(), color: z.number().int() })
  .meta({ id: 'Label' });
export type Label = z.infer<typeof Label>;

export const LabelList = z.object({ labels: z.array(Label) }).meta({ id: 'LabelList' });
export type LabelList = z.infer<typeof LabelList>;

/** `color` is the number of one of WhatsApp's twenty colours. */
export const ChangeLabel = z
  .object({
    name: z.string().trim().min(1).max(100),
    color: z.number().int().min(0).max(19).default(0),
  })
  .strict()
  .meta({ id: 'ChangeLabel' });
export type ChangeLabel = z.infer<typeof ChangeLabel>;

export const ShowTyping = z
  .object({ state: z.enum(['composing', 'recording', 'paused']) })
  .strict()
  .meta({ id: 'ShowTyping' });
export type ShowTyping = z.infer<typeof ShowTyping>;

export const ShowPresence = z
  .object({ available: z.boolean() })
  .strict()
  .meta({ id: 'ShowPresence' });
export type ShowPresence = z.infer<typeof ShowPresence>;

/** Whose coming and going is to be told as events `presence`. */
export const WatchPresence = z.object({ contact: Jid }).strict().meta({ id: 'WatchPresence' });
export type WatchPresence = z.infer<typeof WatchPresence>;

import { z } from 'zod';
import { MessageStatus } from './message.js';
import { MentionNames } from './message-details.js';
import { Note, teamState } from './team.js';

export const Chat = z
  .object({
    id: z.string(),
    sessionId: z.string(),
    name: z.string(),
    phone: z.string().nullable(),
    profilePicUrl: z.string().nullable(),
    lastMessage: z
      .object({
        id: z.string(),
        content: z.string().describe('The beginning of its text, at most 256 characters'),
        timestamp: z.iso.datetime(),
        fromMe: z.boolean(),
        senderName: z.string().nullable().describe('Who wrote it in a group, where that is known'),
        type: z.string(),
        status: MessageStatus,
        mentionNames: MentionNames.optional(),
      })
      .nullable(),
    unreadCount: z.number().int(),
    /** Marked as unread by hand, on the phone or here. */
    markedUnread: z.boolean(),
    isGroup: z.boolean(),
    archived: z.boolean(),
    pinned: z.boolean(),
    muted: z.boolean(),
    /** null: not muted, or for ever. */
    mutedUntil: z.iso.datetime().nullable(),
    /** Ids of labels. */
    labels: z.array(z.string()),
    /** After how many seconds new messages disappear; 0: never. */
    ephemeralSeconds: z.number().int(),
    ...teamState,
    lastNote: Note.nullable().describe(
      'A private note that is newer than the last message; of its text the first 256 characters',
    ),
  })
  .meta({ id: 'Chat' });
export type Chat = z.infer<typeof Chat>;

/** Chats by recency; `after` continues the list, null at its end. */
export const ChatPage = z
  .object({ chats: z.array(Chat), after: z.string().nullable() })
  .meta({ id: 'ChatPage' });
export type ChatPage = z.infer<typeof ChatPage>;

const yesOrNo = z.enum(['true', 'false']).optional();

/** Which chats of all accounts; without anything those that are not archived. */
export const InboxQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(512).optional(),
  account: z.string().max(8192).optional().describe('Session ids with commas between; absent: all'),
  unread: yesOrNo,
  mine: yesOrNo.describe('`true`: those that the caller has taken'),
  unassigned: yesOrNo.describe('`true`: those that nobody has taken'),
  assignee: z.string().min(1).max(128).optional().describe('A user id'),
  groups: yesOrNo.describe('`true`: groups only; `false`: none'),
  status: z
    .string()
    .regex(/^(open|pending|resolved)(,(open|pending|resolved))*$/, 'open, pending, resolved')
    .optional()
    .describe('One or several of open, pending, resolved with commas between'),
  archived: z.enum(['true', 'false', 'all']).default('false'),
  label: z
    .string()
    .max(2048)
    .optional()
    .describe("Ids of the team's labels with commas between; chats with any of them"),
  q: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .optional()
    .describe('In the name, the number or the last message'),
});
export type InboxQuery = z.infer<typeof InboxQuery>;

const counts = {
  open: z.number().int(),
  pending: z.number().int(),
  unread: z.number().int().describe('Chats with something unread'),
  mine: z.number().int().describe('Those of the caller that are not resolved'),
  unassigned: z.number().int().describe('Those of nobody that are not resolved'),
};

/** How many chats there are of each kind; archived ones are not counted. */
export const ChatCounts = z
  .object({
    ...counts,
    accounts: z.array(z.object({ sessionId: z.string(), ...counts })),
    agents: z.array(
      z.object({
        userId: z.string(),
        open: z.number().int(),
        pending: z.number().int(),
        unread: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'ChatCounts' });
export type ChatCounts = z.infer<typeof ChatCounts>;

/** Body of POST /sessions/:id/chats: with whom, in international form. */
export const StartChat = z
  .object({ phone: z.string().min(5).max(32) })
  .strict()
  .meta({ id: 'StartChat' });
export type StartChat = z.infer<typeof StartChat>;

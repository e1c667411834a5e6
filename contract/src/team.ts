import { z } from 'zod';

/** What the team has still to do with a chat. A new inbound message makes it `open` again. */
export const ChatStatus = z.enum(['open', 'pending', 'resolved']).meta({ id: 'ChatStatus' });
export type ChatStatus = z.infer<typeof ChatStatus>;

const UserId = z.string().min(1).max(128);
const TeamLabelId = z.string().min(1).max(64);
const NoteText = z.string().trim().min(1).max(10_000);

/** What a team keeps of a chat; none of it is known to WhatsApp. */
export const teamState = {
  status: ChatStatus,
  assigneeId: z.string().nullable().describe('The user who has taken the chat'),
  teamLabels: z
    .array(z.string())
    .describe("Ids of the team's own labels; `labels` are those of WhatsApp Business"),
};

/** Body of PATCH /chats/:chatId/team: what it names is changed. */
export const ChangeTeamState = z
  .object({
    status: ChatStatus.optional(),
    assigneeId: UserId.nullable().optional().describe('null: nobody'),
    addLabels: z.array(TeamLabelId).max(50).optional(),
    removeLabels: z.array(TeamLabelId).max(50).optional(),
  })
  .strict()
  .meta({ id: 'ChangeTeamState' });
export type ChangeTeamState = z.infer<typeof ChangeTeamState>;

/** A private note: it stands between the messages of a chat and is never sent. */
export const Note = z
  .object({
    id: z.string(),
    chatId: z.string(),
    text: z.string(),
    authorId: z.string(),
    authorName: z.string().nullable(),
    timestamp: z.iso.datetime(),
    editedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Note' });
export type Note = z.infer<typeof Note>;

/** A note with its place in a page of a thread. */
export const NoteInThread = Note.extend({
  afterMessageId: z
    .string()
    .nullable()
    .describe('The message of the page after which it stands; null: before the first'),
}).meta({ id: 'NoteInThread' });
export type NoteInThread = z.infer<typeof NoteInThread>;

export const WriteNote = z.object({ text: NoteText }).strict().meta({ id: 'WriteNote' });
export type WriteNote = z.infer<typeof WriteNote>;

/** Notes of a chat, newest first; `after` continues towards older ones, null at the end. */
export const NotePage = z
  .object({ notes: z.array(Note), after: z.string().nullable() })
  .meta({ id: 'NotePage' });
export type NotePage = z.infer<typeof NotePage>;

/** A label of the team, the same over all accounts. */
export const TeamLabel = z
  .object({
    id: z.string(),
    name: z.string(),
    color: z.string().describe('As #rrggbb'),
  })
  .meta({ id: 'TeamLabel' });
export type TeamLabel = z.infer<typeof TeamLabel>;

const labelFields = {
  name: z.string().trim().min(1).max(40),
  color: z.string().regex(/^#[0-9a-f]{6}$/, 'a colour as #rrggbb, in lower case'),
};
export const NewTeamLabel = z.object(labelFields).strict().meta({ id: 'NewTeamLabel' });
export type NewTeamLabel = z.infer<typeof NewTeamLabel>;
export const ChangeTeamLabel = z
  .object(labelFields)
  .partial()
  .strict()
  .meta({ id: 'ChangeTeamLabel' });
export type ChangeTeamLabel = z.infer<typeof ChangeTeamLabel>;

export const TeamLabelList = z.object({ labels: z.array(TeamLabel) }).meta({ id: 'TeamLabelList' });
export type TeamLabelList = z.infer<typeof TeamLabelList>;

/**
 * A text to answer with, found by its shortcut after "/". The text may have places to fill in:
 * {{name}} and {{phone}} of the contact, {{agent}} for who writes.
 */
export const CannedReply = z
  .object({
    id: z.string(),
    shortcut: z.string(),
    text: z.string(),
    shared: z.boolean().describe('Whether the whole team has it; else its author only'),
    authorId: z.string(),
  })
  .meta({ id: 'CannedReply' });
export type CannedReply = z.infer<typeof CannedReply>;

const replyFields = {
  shortcut: z.string().regex(/^[\p{L}\p{N}_-]{1,32}$/u, 'letters, digits, "_" and "-", at most 32'),
  text: z.string().trim().min(1).max(4096),
};
export const NewCannedReply = z
  .object({ ...replyFields, shared: z.boolean().default(false) })
  .strict()
  .meta({ id: 'NewCannedReply' });
export type NewCannedReply = z.infer<typeof NewCannedReply>;
export const ChangeCannedReply = z
  .object({ ...replyFields, shared: z.boolean() })
  .partial()
  .strict()
  .meta({ id: 'ChangeCannedReply' });
export type ChangeCannedReply = z.infer<typeof ChangeCannedReply>;

/** Canned replies that the caller may use, by shortcut. */
export const CannedReplyList = z
  .object({ replies: z.array(CannedReply) })
  .meta({ id: 'CannedReplyList' });
export type CannedReplyList = z.infer<typeof CannedReplyList>;

/** Somebody of the team who has a chat open now. */
export const Viewer = z
  .object({
    userId: z.string(),
    name: z.string().nullable(),
    typing: z.boolean().describe('Writes an answer at this moment'),
  })
  .meta({ id: 'Viewer' });
export type Viewer = z.infer<typeof Viewer>;

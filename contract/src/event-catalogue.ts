import { z } from 'zod';
import { BulkPause, BulkState } from './bulk.js';
import { ConversationState, StateCause } from './chatbots.js';
import { Label } from './contacts.js';
import { Group, ParticipantAction } from './groups.js';
import { Message, MessageStatus, SendFailure } from './message.js';
import { EventAnswer } from './message-content.js';
import { SessionState, SessionStatus, StatusReason } from './session.js';
import { Note, teamState, Viewer } from './team.js';

/**
 * The event catalogue: everything that webhooks, WebSocket, SSE and `GET /api/events` tell.
 *
 * To add an event, add its entry below: a name that is never used for anything else, what it means,
 * and the fields of its `data`. Then write it with `EventLog.append` (logged) or `PassingEvents.tell`
 * (passing), and run `npm run generate`: docs/events.md and the client follow by themselves.
 *
 * - `logged` events are durable: they have an id, a position and a sequence, and can be replayed.
 * - `passing` states (somebody types) are told to those who listen now and kept nowhere.
 *
 * New events and new fields leave the version as it is; a field that goes or changes its meaning
 * makes a new one, and `EventLog` then converts older entries when it reads them.
 */
export const EVENTS_VERSION = 1;

function logged<Shape extends z.ZodRawShape>(meaning: string, shape: Shape) {
  return { kept: true, meaning, data: z.object(shape) } as const;
}

function passing<Shape extends z.ZodRawShape>(meaning: string, shape: Shape) {
  return { kept: false, meaning, data: z.object(shape) } as const;
}

/** A passing state that is about no session: its `sessionId` is null. */
function passingOfTeam<Shape extends z.ZodRawShape>(meaning: string, shape: Shape) {
  return { ...passing(meaning, shape), ofTeam: true } as const;
}

const source = z
  .enum(['live', 'offline', 'history', 'api', 'phone'])
  .describe(
    '`live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone',
  );

const senderAltJid = z
  .string()
  .optional()
  .describe('In groups: the other name of who it was (LID or phone number), where it is known');

/** Somebody did something to a message: who, and by which message of its own. */
const action = {
  source,
  chatId: z.string(),
  messageId: z.string().describe('The message that it was done to'),
  actionId: z
    .string()
    .describe("WhatsApp's id of the action itself; of ours, what the send answered"),
  senderJid: z.string().nullable(),
  senderAltJid,
  senderName: z.string().nullable(),
  fromMe: z.boolean(),
  timestamp: z.iso.datetime(),
};

export const EVENTS = {
  'session.created': logged('A session was created.', { displayName: z.string().nullable() }),
  'session.qr': logged(
    'There is a QR or pairing code to link with. The code is a secret and not part of the event: who may see it asks for it.',
    {
      kind: z.enum(['qr', 'pairing-code']),
      expiresAt: z.iso.datetime(),
    },
  ),
  'session.status': logged('The session has another status, or its number or name changed.', {
    connection: z.enum(['connecting', 'open', 'close']).describe('The socket in one word'),
    state: SessionState,
    previous: z
      .object({ status: SessionStatus, reason: StatusReason })
      .optional()
      .describe('What it was before; the same when only number, name or tries are others'),
    phone: z.string().nullable(),
    displayName: z.string().nullable(),
  }),
  'session.history': logged(
    'A portion of the history that the phone hands over was stored; its messages came before, as events of their own with the source `history`.',
    {
      messages: z.number().int().describe('Messages in this portion'),
      progress: z.number().nullable().describe('Percent, where the phone says so'),
      done: z.boolean().describe('Whether it was the last portion'),
      requestId: z
        .string()
        .nullable()
        .optional()
        .describe('What asking for older messages answered, when this is the answer to it'),
    },
  ),
  'session.message': logged('A message was received, or sent from the phone or through the API.', {
    source,
    message: Message,
    senderAltJid,
    raw: z
      .string()
      .nullable()
      .optional()
      .describe(
        'Where asked for: the message as the engine has it, in base64 (of Baileys: a WebMessageInfo); null when it is not kept',
      ),
  }),
  'message.status': logged('A message that we sent has come further, or failed.', {
    chatId: z.string(),
    messageId: z.string(),
    status: MessageStatus,
    previous: MessageStatus.optional().describe('Of a tick: what it had before'),
    error: z.string().nullable().describe('Why it failed'),
    failure: SendFailure.optional().describe('Why it failed, for machines'),
  }),
  'message.edited': logged('A message has a new text, or a new caption.', {
    ...action,
    content: z.string(),
  }),
  'message.deleted': logged('A message was deleted for everyone.', {
    ...action,
    byAdmin: z.boolean().describe('By an admin of the group, not by its author'),
  }),
  'message.reaction': logged('Somebody reacted to a message, or took the reaction back.', {
    ...action,
    emoji: z.string().describe('Empty: the reaction was taken back'),
  }),
  'message.pinned': logged('A message was pinned for everyone, or unpinned.', {
    ...action,
    pinned: z.boolean(),
    until: z.iso.datetime().nullable(),
  }),
  'poll.vote': logged('Somebody voted in a poll, or changed the vote.', {
    ...action,
    options: z
      .array(z.string())
      .describe('All that the voter chooses now; none: the vote was taken back'),
  }),
  'event.response': logged('Somebody answered the invitation to an event.', {
    ...action,
    response: EventAnswer,
    extraGuests: z.number().int(),
  }),
  'session.restricted': logged('WhatsApp holds the account back and refused a message for it.', {
    code: z.number().int().describe("WhatsApp's own number; 463: no new chats for now"),
    detail: z.string(),
    chatId: z.string(),
    messageId: z.string(),
  }),
  'chat.merged': logged(
    'Two chats turned out to be with one person, whose phone number and LID became known as one. `from` still leads to `into`.',
    { from: z.string(), into: z.string() },
  ),
  'session.closed': logged('The session was closed on request; its credentials are kept.', {}),
  'session.removed': logged('The credentials of the session were deleted.', {}),
  'session.deleted': logged('The session was deleted.', {}),
  'group.updated': logged(
    'A group is known newly, or something about it changed; when the account is no longer in it, `isMember` is false.',
    {
      group: Group,
      by: z.string().nullable().describe('Jid of who changed it, where that is known'),
    },
  ),
  'group.participants': logged('People came, left, or have another role in a group.', {
    groupId: z.string(),
    action: ParticipantAction,
    participants: z.array(z.object({ jid: z.string(), phone: z.string().nullable() })),
    by: z.string().nullable().describe('Jid of who did it, where that is known'),
  }),
  'chat.updated': logged('A chat was archived, pinned, muted, marked or labelled.', {
    chatId: z.string(),
    archived: z.boolean(),
    pinned: z.boolean(),
    muted: z.boolean(),
    mutedUntil: z.iso.datetime().nullable(),
    markedUnread: z.boolean(),
    unreadCount: z.number().int(),
    labels: z.array(z.string()),
  }),
  'chatbot.conversation': logged(
    'Who answers in a conversation of a chatbot is another: the bot, a person, nobody.',
    {
      chatbotId: z.string(),
      conversationId: z.string(),
      chatId: z.string(),
      state: ConversationState,
      cause: StateCause,
    },
  ),
  'bulk.state': logged(
    'A bulk send was made, began, was paused, goes on, is done or was cancelled.',
    {
      bulkId: z.string(),
      name: z.string(),
      state: BulkState,
      pausedBecause: BulkPause.nullable().describe(
        'Why it paused by itself; null: somebody did it',
      ),
    },
  ),
  'chat.team': logged(
    'The team has another state of a chat: who has taken it, its status, its labels. All of it is told each time.',
    {
      chatId: z.string(),
      ...teamState,
      changed: z.array(z.enum(['status', 'assignee', 'labels'])).describe('What is new'),
      by: z
        .string()
        .nullable()
        .describe(
          'The user who changed it; null: an inbound message opened the chat again, or who had it may no longer use the account',
        ),
    },
  ),
  'chat.note': logged('A private note was written in a chat, changed or deleted.', {
    chatId: z.string(),
    note: Note,
    action: z.enum(['created', 'changed', 'deleted']),
  }),
  'chat.deleted': logged('A chat was deleted, on the phone or here.', { chatId: z.string() }),
  'label.updated': logged('A label was made, changed or deleted.', {
    label: Label,
    deleted: z.boolean(),
  }),
  'call.offered': logged('Somebody calls.', {
    callId: z.string(),
    chatId: z.string(),
    callerJid: z.string(),
    phone: z.string().nullable(),
    video: z.boolean(),
    group: z.boolean(),
  }),
  'call.ended': logged('A call was taken elsewhere, refused, or rang out.', {
    callId: z.string(),
    chatId: z.string(),
    reason: z.enum(['accepted', 'rejected', 'ended', 'timeout']),
  }),
  typing: passing('Somebody types or records in a chat, or stopped.', {
    chatId: z.string(),
    senderJid: z.string(),
    state: z.enum(['composing', 'recording', 'paused']),
  }),
  'chat.viewers': passing(
    'Who of the team has a chat open now, or writes in it; all of them are told each time.',
    { chatId: z.string(), viewers: z.array(Viewer) },
  ),
  'team.updated': passingOfTeam(
    'What the team keeps beside chats was changed: its labels, or canned replies. Ask for them again.',
    { what: z.enum(['labels', 'canned-replies']) },
  ),
  presence: passing('A contact whose presence is watched came online or left.', {
    jid: z.string(),
    available: z.boolean(),
    lastSeen: z.iso.datetime().nullable(),
  }),
} as const;

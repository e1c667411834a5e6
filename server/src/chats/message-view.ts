import type { Message, MessageContent } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Schema } from '../db/schema.js';
import { mediaView } from './media-view.js';
import { type Answer, detailsOf } from './message-details.js';

/** A message row without the engine's encoding, which only the engine wants. */
export type MessageRow = Omit<Selectable<Schema['messages']>, 'raw' | 'place' | 'words'>;
export type Reaction = Message['reactions'][number];

export const MESSAGE_COLUMNS = [
  'session_id',
  'id',
  'chat_id',
  'from_me',
  'sender_jid',
  'type',
  'text',
  'content',
  'quoted_id',
  'at',
  'arrival',
  'status',
  'error',
  'failure_code',
  'certainly_not_sent',
  'hidden',
  'edited',
  'edited_at',
  'pinned_until',
  'source',
] as const;

/** A message as the API and the events show it. */
export function toMessage(
  row: Pick<
    MessageRow,
    | 'session_id'
    | 'id'
    | 'chat_id'
    | 'from_me'
    | 'sender_jid'
    | 'type'
    | 'text'
    | 'at'
    | 'status'
    | 'error'
    | 'failure_code'
    | 'certainly_not_sent'
  > &
    Partial<Pick<MessageRow, 'edited' | 'pinned_until'>> & {
      content: string | MessageContent;
      quoted_id: string | null;
    },
  beside: {
    senderName: string | null;
    quote?: Message['quotedMessage'];
    mentionNames?: Message['mentionNames'];
    reactions: Reaction[];
    answers?: Answer[] | undefined;
    /** When a waiting message is expected to be sent (ms). */
    dueAt?: number | undefined;
  },
): Message {
  const content: MessageContent =
    typeof row.content === 'string' ? JSON.parse(row.content) : row.content;
  return {
    id: row.id,
    chatId: row.chat_id,
    content: row.text,
    timestamp: new Date(row.at).toISOString(),
    fromMe: row.from_me === 1,
    senderName: beside.senderName,
    senderJid: row.sender_jid,
    type: row.type,
    status: row.status,
    error: row.error,
    ...(row.failure_code && {
      failure: { code: row.failure_code, certainlyNotSent: row.certainly_not_sent === 1 },
    }),
    ...(beside.dueAt !== undefined && { dueAt: new Date(beside.dueAt).toISOString() }),
    ...('mimetype' in content && content.mimetype && { mimetype: content.mimetype }),
    ...('filename' in content && content.filename && { filename: content.filename }),
    ...('caption' in content && content.caption && { caption: content.caption }),
    ...mediaView(row.session_id, row.id, content),
    ...(row.quoted_id && {
      quotedMessage: beside.quote ?? { id: row.quoted_id, content: '' },
    }),
    reactions: beside.reactions,
    ...detailsOf(content, beside.answers ?? []),
    ...(beside.mentionNames && { mentionNames: beside.mentionNames }),
    ...(row.edited && { edited: row.edited }),
    ...(row.type === 'revoked' && { deleted: true }),
    ...(isPinned(row.pinned_until) && { pinned: { until: isoOrNull(row.pinned_until) } }),
  };
}

/** 0 stands for a pin without an end; one that is over needs nobody to take it down. */
function isPinned(until: number | null | undefined): until is number {
  return until === 0 || (until ?? -1) > Date.now();
}

function isoOrNull(time: number): string | null {
  return time ? new Date(time).toISOString() : null;
}

import type { Message, MessageContent } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Schema } from '../db/schema.js';

/** A message row without the engine's encoding, which only the engine wants. */
export type MessageRow = Omit<Selectable<Schema['messages']>, 'raw'>;
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
  'source',
] as const;

/** A message as the API and the events show it. */
export function toMessage(
  row: Pick<
    MessageRow,
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
  > & { content: string | MessageContent; quoted_id: string | null },
  beside: { senderName: string | null; quotedText?: string | undefined; reactions: Reaction[] },
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
    ...('mimetype' in content && content.mimetype && { mimetype: content.mimetype }),
    ...('filename' in content && content.filename && { filename: content.filename }),
    ...('caption' in content && content.caption && { caption: content.caption }),
    ...(row.quoted_id && {
      quotedMessage: { id: row.quoted_id, content: beside.quotedText ?? '' },
    }),
    reactions: beside.reactions,
  };
}

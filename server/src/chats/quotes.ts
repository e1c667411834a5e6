import type { MentionNames, Message, MessageContent } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import {
  type Called,
  calledIn,
  mentionNames,
  mentionsIn,
  storedMentions,
} from './mention-names.js';

type Quote = NonNullable<Message['quotedMessage']>;

/** A message that another one quotes, before anybody has a name. */
export interface QuotedRow {
  id: string;
  type: string;
  text: string;
  fromMe: boolean;
  senderJid: string | null;
  mentions: string[];
}

/** Messages by their ids, as far as a quote shows them. */
export async function quotedRows(
  { kysely }: Database,
  sessionId: string,
  ids: string[],
): Promise<Map<string, QuotedRow>> {
  if (ids.length === 0) return new Map();
  const found = await kysely
    .selectFrom('messages')
    .select(['id', 'type', 'text', 'from_me', 'sender_jid'])
    .select(sql<string | null>`case when text like '%@%' then content end`.as('content'))
    .where('session_id', '=', sessionId)
    .where('id', 'in', ids)
    .execute();
  return new Map(
    found.map(({ id, type, text, from_me, sender_jid, content }) => [
      id,
      {
        id,
        type,
        text,
        fromMe: from_me === 1,
        senderJid: sender_jid,
        mentions: storedMentions(content),
      },
    ]),
  );
}

/** Everybody whose name a quote shows. */
export function peopleIn({ senderJid, mentions }: QuotedRow): string[] {
  return senderJid ? [senderJid, ...mentions] : mentions;
}

export function toQuote(row: QuotedRow, called: Called): Quote {
  const { id, type, text, fromMe, senderJid, mentions } = row;
  const senderName = fromMe ? null : (called.names.get(senderJid ?? '') ?? null);
  return { id, content: text, type, fromMe, senderName, ...mentionNames(mentions, called) };
}

/** What stands beside a message that has just come or been accepted. */
export interface BesideNew {
  quote?: Quote;
  mentionNames?: MentionNames;
}

export async function besideNew(
  database: Database,
  sessionId: string,
  content: MessageContent,
): Promise<BesideNew> {
  const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
  const mentions = mentionsIn(content);
  if (!quotedId && mentions.length === 0) return {};
  const rows = await quotedRows(database, sessionId, quotedId ? [quotedId] : []);
  const quoted = rows.get(quotedId ?? '');
  const people = [...mentions, ...(quoted ? peopleIn(quoted) : [])];
  const called = await calledIn(database, sessionId, [...new Set(people)]);
  return { ...(quoted && { quote: toQuote(quoted, called) }), ...mentionNames(mentions, called) };
}

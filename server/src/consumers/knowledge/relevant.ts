import type { EventData } from '@patchbay/contract';
import type { StoredEvent } from '../../event-log/event-log.js';
import { isGroupJid } from '../../whatsapp/jid.js';

type RelevantName =
  | 'session.message'
  | 'message.reaction'
  | 'message.edited'
  | 'message.deleted'
  | 'session.deleted';

/** An event that may matter, with its data read. */
export type Relevant = {
  [Name in RelevantName]: { name: Name; event: StoredEvent; data: EventData<Name> };
}[RelevantName];

/** Messages that say nothing themselves. */
const NOTICES = ['system', 'undecryptable', 'other', 'revoked'];

/**
 * The event, if it is about a message of a group, or the end of an account. What was before the link
 * is history, and no news.
 */
export function relevant(event: StoredEvent): Relevant[] {
  switch (event.name) {
    case 'session.message': {
      const data = JSON.parse(event.data) as EventData<'session.message'>;
      const { chatId, type } = data.message;
      const isNews = data.source !== 'history' && data.source !== 'api';
      if (!isNews || !isGroupJid(chatId) || NOTICES.includes(type)) return [];
      return [{ name: event.name, event, data }];
    }
    case 'message.reaction':
    case 'message.edited':
    case 'message.deleted': {
      const data = JSON.parse(event.data) as EventData<typeof event.name>;
      if (data.source === 'history' || !isGroupJid(data.chatId)) return [];
      return [{ name: event.name, event, data } as Relevant];
    }
    case 'session.deleted':
      return [{ name: event.name, event, data: {} }];
    default:
      return [];
  }
}

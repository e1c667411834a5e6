import type { StoredEvent } from '../../event-log/event-log.js';
import { toldName } from '../../event-log/told-name.js';
import type { WebhookRow } from './webhook-store.js';

/** What filters and ordering need to know of an event beside its row. */
export interface EventFacts {
  chatId: string | null;
  isHistory: boolean;
}

/** Reads an event's data once for all webhooks. */
export function factsOf({ data }: StoredEvent): EventFacts {
  const parsed = JSON.parse(data) as {
    chatId?: unknown;
    source?: unknown;
    message?: { chatId?: unknown };
  };
  const chatId = parsed.chatId ?? parsed.message?.chatId;
  return {
    chatId: typeof chatId === 'string' ? chatId : null,
    isHistory: parsed.source === 'history',
  };
}

/** Whether a user may see what happens in a session. */
export type Reaches = (userId: string, ownerId: string, sessionId: string) => boolean;

/**
 * Under which name a webhook is told of an event; undefined: its filters do not let it through.
 * @param reaches whether its user may see the event
 * @param chats ids of the chats in the event's session that the chat filter means
 */
export function wantedAs(
  webhook: Pick<WebhookRow, 'owner_id' | 'session_id' | 'events' | 'chats' | 'history'>,
  event: StoredEvent,
  { chatId, isHistory }: EventFacts,
  chats: ReadonlySet<string>,
  reaches: Reaches,
): string | undefined {
  if (!reaches(webhook.owner_id, event.owner_id, event.session_id)) return undefined;
  if (webhook.session_id !== null && webhook.session_id !== event.session_id) return undefined;
  if (isHistory && webhook.history !== 1) return undefined;
  if (chatId !== null && webhook.chats !== '[]' && !chats.has(chatId)) return undefined;
  const names = JSON.parse(webhook.events) as string[];
  return toldName(event, names.length > 0 ? new Set(names) : undefined);
}

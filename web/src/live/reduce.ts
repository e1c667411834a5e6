import {
  type EventPage,
  inEveryVocabulary,
  type LogEvent,
  type Message,
  type MessagePage,
  type MessageStatus,
  type Note,
  type Session,
} from '@patchbay/contract';

/** A session after an event of its own; the same object when the event does not concern it. */
export function sessionAfter(session: Session, event: LogEvent): Session {
  switch (event.name) {
    case 'session.status': {
      const { state, phone, displayName } = event.data;
      const status = inEveryVocabulary(state).inbox;
      return { ...session, state, status, phone, displayName };
    }
    case 'session.message': {
      const { message } = event.data;
      if (actsOnAnother(message)) return session;
      const lastMessageAt = later(session.lastMessageAt, message.timestamp);
      const counts = isSameUtcDay(message.timestamp, event.at);
      return {
        ...session,
        lastMessageAt,
        today: counts ? counted(session, message) : session.today,
      };
    }
    default:
      return session;
  }
}

/** A reaction, edit or deletion: it changes another message and is none of its own. */
export function actsOnAnother({ type }: Pick<Message, 'type'>): boolean {
  return type === 'reaction' || type === 'edit' || type === 'revoke';
}

function counted(session: Session, message: Message): Session['today'] {
  const { received, sent } = session.today;
  return message.fromMe ? { received, sent: sent + 1 } : { received: received + 1, sent };
}

function later(a: string | null, b: string): string {
  return a && Date.parse(a) > Date.parse(b) ? a : b;
}

function isSameUtcDay(a: string, b: string): boolean {
  return new Date(a).toISOString().slice(0, 10) === new Date(b).toISOString().slice(0, 10);
}

/**
 * Pages of messages (newest page first, oldest message first within a page) with one more message.
 * A message that is there already is replaced where it stands. One older or newer than everything
 * loaded belongs to a page that is not loaded and is left out.
 */
export function withMessage(pages: MessagePage[], message: Message): MessagePage[] {
  const known = pages.findIndex((page) => page.messages.some((other) => isSame(other, message)));
  if (known >= 0) {
    return replaceAt(pages, known, (page) => ({
      ...page,
      messages: page.messages.map((other) => (isSame(other, message) ? message : other)),
    }));
  }
  const at = Date.parse(message.timestamp);
  const newest = pages[0];
  const last = newest?.messages.at(-1);
  if (newest?.after && last && Date.parse(last.timestamp) <= at) return pages;
  const target = pages.findIndex((page, index) => {
    const oldest = page.messages[0];
    const isLast = index === pages.length - 1;
    return (isLast && page.before === null) || !oldest || Date.parse(oldest.timestamp) <= at;
  });
  if (target < 0) return pages;
  return replaceAt(pages, target, (page) => {
    const after = page.messages.findIndex((other) => Date.parse(other.timestamp) > at);
    const place = after < 0 ? page.messages.length : after;
    return { ...page, messages: page.messages.toSpliced(place, 0, message) };
  });
}

/** Message ids are unique within a chat, not beyond. */
function isSame(a: Message, b: Message): boolean {
  return a.id === b.id && a.chatId === b.chatId;
}

const RANK: Record<MessageStatus, number> = {
  received: 0,
  queued: 1,
  sending: 2,
  expired: 3,
  cancelled: 3,
  failed: 3,
  sent: 4,
  delivered: 5,
  read: 6,
  played: 7,
};

/** The pages with a message's new status. Ticks never go backwards, except to `queued` for a retry. */
export function withMessageStatus(
  pages: MessagePage[],
  change: { chatId: string; messageId: string; status: MessageStatus; error: string | null },
): MessagePage[] {
  const concerns = (message: Message) =>
    message.id === change.messageId &&
    message.chatId === change.chatId &&
    (RANK[change.status] > RANK[message.status] || message.status === 'failed');
  return pages.map((page) =>
    page.messages.some(concerns)
      ? {
          ...page,
          messages: page.messages.map((message) =>
            concerns(message)
              ? { ...message, status: change.status, error: change.error }
              : message,
          ),
        }
      : page,
  );
}

/** The pages of a chat with a note written, changed or deleted; a note stands in the page of its time. */
export function withNote(
  pages: MessagePage[],
  note: Note,
  action: 'created' | 'changed' | 'deleted',
): MessagePage[] {
  const known = pages.findIndex((page) => page.notes?.some(({ id }) => id === note.id));
  if (known >= 0) {
    return replaceAt(pages, known, (page) => ({
      ...page,
      notes: (page.notes ?? []).flatMap((other) => {
        if (other.id !== note.id) return other;
        return action === 'deleted' ? [] : { ...other, ...note };
      }),
    }));
  }
  const isNewest = pages[0] && !pages[0].after;
  if (action === 'deleted' || !isNewest) return pages;
  return replaceAt(pages, 0, (page) => {
    const placed = { ...note, afterMessageId: page.messages.at(-1)?.id ?? null };
    return { ...page, notes: [...(page.notes ?? []), placed] };
  });
}

/** The timeline's pages (newest page first, newest event last) with one more event. */
export function withEvent(pages: EventPage[], event: LogEvent): EventPage[] {
  const newest = pages[0];
  if (!newest) return pages;
  const last = newest.events.at(-1);
  if (last && last.position >= event.position) return pages;
  return replaceAt(pages, 0, (page) => ({ ...page, events: [...page.events, event] }));
}

function replaceAt<Item>(items: Item[], index: number, change: (item: Item) => Item): Item[] {
  return items.map((item, at) => (at === index ? change(item) : item));
}

import type { PassingEvent, Viewer } from '@patchbay/contract';
import type { EventSource, Scope } from '../../event-log/event-log.js';
import type { PassingEvents } from '../../event-log/passing-events.js';

/** Milliseconds; shorter in tests. */
export interface ViewerTimes {
  /** What changes within this time is told together: chats that are only passed through are not told. */
  gather: number;
  /** Who has not said so again after this no longer writes. */
  typing: number;
}

export const VIEWER_TIMES: ViewerTimes = { gather: 200, typing: 6000 };

/** People that are told of one chat. */
const MOST_TOLD = 20;

/** A chat that somebody has open, on one connection. */
interface Look {
  userId: string;
  name: string | null;
  key: string;
  typing: NodeJS.Timeout | undefined;
}

interface ViewedChat {
  session: EventSource;
  chatId: string;
  looks: Set<Look>;
  /** What was told last, as JSON. */
  told: string;
}

/**
 * Who of the team has which chat open now. Each connection has one chat open at most, so all of this is
 * bounded by them; it ends with them and is kept nowhere.
 */
export class Viewers {
  private readonly looks = new Map<object, Look>();
  private readonly chats = new Map<string, ViewedChat>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly passing: PassingEvents,
    private readonly times: ViewerTimes,
  ) {}

  /** On this connection somebody has a chat open, and no other. */
  open(
    connection: object,
    viewer: { userId: string; name: string | null },
    session: EventSource,
    chatId: string,
  ): void {
    const key = keyOf(session.id, chatId);
    if (this.looks.get(connection)?.key !== key) {
      this.leave(connection);
      const look = { ...viewer, key, typing: undefined };
      const chat = this.chats.get(key) ?? { session, chatId, looks: new Set(), told: '[]' };
      chat.looks.add(look);
      this.chats.set(key, chat);
      this.looks.set(connection, look);
    }
    this.tellSoon(key);
  }

  /** Whether somebody writes in the chat that is open on this connection. */
  type(connection: object, typing: boolean): void {
    const look = this.looks.get(connection);
    if (!look) return;
    clearTimeout(look.typing);
    const stop = () => this.type(connection, false);
    look.typing = typing ? setTimeout(stop, this.times.typing).unref() : undefined;
    this.tellSoon(look.key);
  }

  /** No chat is open on this connection any more. */
  leave(connection: object): void {
    const look = this.looks.get(connection);
    if (!look) return;
    clearTimeout(look.typing);
    this.looks.delete(connection);
    this.chats.get(look.key)?.looks.delete(look);
    this.tellSoon(look.key);
  }

  /** What was told last of all chats within a scope where somebody is, for one who has just come. */
  within(scope: readonly Scope[]): PassingEvent[] {
    const at = new Date().toISOString();
    const seen = (session: EventSource) =>
      scope.some(
        ({ ownerId, sessionId }) =>
          (ownerId === undefined || ownerId === session.ownerId) &&
          (sessionId === undefined || sessionId === session.id),
      );
    return [...this.chats.values()]
      .filter(({ session, told }) => told !== '[]' && seen(session))
      .map(({ session, chatId, told }) => ({
        name: 'chat.viewers',
        sessionId: session.id,
        at,
        data: { chatId, viewers: JSON.parse(told) as Viewer[] },
      }));
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const connection of [...this.looks.keys()]) this.leave(connection);
    clearTimeout(this.timer);
  }

  private tellSoon(key: string): void {
    this.changed.add(key);
    this.timer ??= setTimeout(() => this.tell(), this.times.gather).unref();
  }

  private tell(): void {
    this.timer = undefined;
    for (const key of this.changed) {
      const chat = this.chats.get(key);
      if (!chat) continue;
      const viewers = viewersOf(chat);
      const told = JSON.stringify(viewers);
      if (told !== chat.told) {
        const { session, chatId } = chat;
        this.passing.tell(session, 'chat.viewers', { chatId, viewers });
        chat.told = told;
      }
      if (chat.looks.size === 0) this.chats.delete(key);
    }
    this.changed.clear();
  }
}

/** A person with several windows is one. */
function viewersOf({ looks }: ViewedChat): Viewer[] {
  const byUser = new Map<string, Viewer>();
  for (const { userId, name, typing } of looks) {
    const isTyping = typing !== undefined || (byUser.get(userId)?.typing ?? false);
    byUser.set(userId, { userId, name, typing: isTyping });
  }
  return [...byUser.values()].slice(0, MOST_TOLD);
}

const keyOf = (sessionId: string, chatId: string) => `${sessionId}\n${chatId}`;

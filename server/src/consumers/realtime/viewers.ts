import type { PassingEvent, Viewer } from '@patchbay/contract';
import type { EventSource, Scope } from '../../event-log/event-log.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import type { Notices } from '../../event-log/wakeup.js';
import { OtherViewers } from './other-viewers.js';

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
  /** The same of those who look through this process, as other processes were told it. */
  toldElsewhere: string;
}

/**
 * Who of the team has which chat open now. Each connection has one chat open at most, so all of this is
 * bounded by them; it ends with them and is kept nowhere. Processes tell each other who looks through
 * them.
 */
export class Viewers {
  private readonly looks = new Map<object, Look>();
  private readonly chats = new Map<string, ViewedChat>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly others: OtherViewers | undefined;

  /** @param notices to other processes */
  constructor(
    private readonly passing: PassingEvents,
    private readonly times: ViewerTimes,
    notices?: Notices,
  ) {
    this.others =
      notices &&
      new OtherViewers(notices, {
        changed: (session, chatId) => this.tellSoon(this.chatAt(session, chatId)),
        again: () => {
          for (const [key, chat] of this.chats) {
            if (chat.toldElsewhere === '[]') continue;
            chat.toldElsewhere = '';
            this.tellSoon(key);
          }
        },
      });
  }

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
      this.chatAt(session, chatId);
      this.chats.get(key)?.looks.add(look);
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
    this.tell();
    this.others?.stop();
  }

  /** Keeps a place for a chat; returns its key. */
  private chatAt(session: EventSource, chatId: string): string {
    const key = keyOf(session.id, chatId);
    if (!this.chats.has(key)) {
      const nobody = { looks: new Set<Look>(), told: '[]', toldElsewhere: '[]' };
      this.chats.set(key, { session, chatId, ...nobody });
    }
    return key;
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
      const { session, chatId } = chat;
      const here = together([...chat.looks].map(viewerOf));
      const elsewhere = this.others?.of(session.id, chatId) ?? [];
      const viewers = together([...here, ...elsewhere]);
      const told = JSON.stringify(viewers);
      if (told !== chat.told) {
        this.passing.tellHere(session, 'chat.viewers', { chatId, viewers });
        chat.told = told;
      }
      const toldElsewhere = JSON.stringify(here);
      if (toldElsewhere !== chat.toldElsewhere) this.others?.tell(session, chatId, here);
      chat.toldElsewhere = toldElsewhere;
      if (viewers.length === 0) this.chats.delete(key);
    }
    this.changed.clear();
  }
}

function viewerOf({ userId, name, typing }: Look): Viewer {
  return { userId, name, typing: typing !== undefined };
}

/** A person with several windows is one. */
function together(looking: readonly Viewer[]): Viewer[] {
  const byUser = new Map<string, Viewer>();
  for (const { userId, name, typing } of looking) {
    byUser.set(userId, { userId, name, typing: typing || (byUser.get(userId)?.typing ?? false) });
  }
  return [...byUser.values()].slice(0, MOST_TOLD);
}

const keyOf = (sessionId: string, chatId: string) => `${sessionId}\n${chatId}`;

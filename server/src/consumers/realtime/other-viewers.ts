import { randomBytes } from 'node:crypto';
import type { Viewer } from '@patchbay/contract';
import type { EventSource } from '../../event-log/event-log.js';
import type { Notices } from '../../event-log/wakeup.js';

const PREFIX = 'viewers ';
/** What was said is said again this often (ms), and believed for so long: its process may be dead. */
const AGAIN_EVERY = 10_000;
const BELIEVED = 25_000;

interface Told {
  /** Somebody else looks at a chat, or no longer does. */
  changed(session: EventSource, chatId: string): void;
  /** It is time to say again who looks through this process. */
  again(): void;
}

interface Heard {
  session: EventSource;
  chatId: string;
  viewers: Viewer[];
  at: number;
}

/** Who looks at which chat through other processes, as far as those have told. */
export class OtherViewers {
  private readonly sender = randomBytes(6).toString('hex');
  /** By chat, and there by process. */
  private readonly heard = new Map<string, Map<string, Heard>>();
  private readonly timer: NodeJS.Timeout;
  private readonly stopHearing: (() => void)[];

  constructor(
    private readonly notices: Notices,
    private readonly told: Told,
  ) {
    this.stopHearing = [
      notices.hear((notice) => {
        if (notice.startsWith(PREFIX)) this.hear(notice.slice(PREFIX.length));
      }),
      notices.onMissed(() => told.again()),
    ];
    this.timer = setInterval(() => {
      this.forgetOld();
      told.again();
    }, AGAIN_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    for (const stop of this.stopHearing) stop();
  }

  of(sessionId: string, chatId: string): Viewer[] {
    const heard = this.heard.get(keyOf(sessionId, chatId)) ?? new Map<string, Heard>();
    return [...heard.values()].flatMap(({ viewers }) => viewers);
  }

  /** Tells who looks at a chat through this process. */
  tell({ id, ownerId }: EventSource, chatId: string, viewers: readonly Viewer[]): void {
    this.notices.tell(PREFIX + JSON.stringify([this.sender, { id, ownerId }, chatId, viewers]));
  }

  private hear(text: string): void {
    const [sender, session, chatId, viewers] = JSON.parse(text) as [
      string,
      EventSource,
      string,
      Viewer[],
    ];
    const key = keyOf(session.id, chatId);
    const ofChat = this.heard.get(key) ?? new Map<string, Heard>();
    if (viewers.length > 0) ofChat.set(sender, { session, chatId, viewers, at: Date.now() });
    else ofChat.delete(sender);
    if (ofChat.size > 0) this.heard.set(key, ofChat);
    else this.heard.delete(key);
    this.told.changed(session, chatId);
  }

  private forgetOld(): void {
    const before = Date.now() - BELIEVED;
    for (const [key, ofChat] of this.heard) {
      for (const [sender, { session, chatId, at }] of ofChat) {
        if (at >= before) continue;
        ofChat.delete(sender);
        this.told.changed(session, chatId);
      }
      if (ofChat.size === 0) this.heard.delete(key);
    }
  }
}

const keyOf = (sessionId: string, chatId: string) => `${sessionId}\n${chatId}`;

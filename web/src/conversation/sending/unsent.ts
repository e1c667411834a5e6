import type { Message } from '@patchbay/contract';
import { messageOf } from '../../api/request.js';
import { words } from '../../words/words.js';
import { isPassing, postWish } from './post-wish.js';
import { newKey, type Outgoing, shownAs, type Wish } from './wish.js';
import { WishStore } from './wish-store.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const KEY_STANDS_MS = 20 * 60 * 60_000;

/** A message on its way to the server, or refused by it. */
export interface PendingSend {
  key: string;
  sessionId: string;
  message: Message;
  /** Of a file that is under way: the share that has left, 0 to 1. */
  progress?: number;
  /** The server cannot be reached; it is tried again by itself. */
  waits?: boolean;
  retry(): void;
  discard(): void;
}

interface Entry {
  wish: Wish;
  shown: PendingSend;
  fileUrl: string | undefined;
  /** The browser keeps it, so that it is gone from there when another tab has sent or discarded it. */
  kept: boolean;
  stop: AbortController;
}

type State = Pick<PendingSend, 'progress' | 'waits'>;
type Accepted = (sessionId: string, message: Message) => void;

/**
 * Everything that people of this browser want to be sent and that the server does not have yet. It
 * is written down before the field is emptied and shown at once; one chat's messages leave one after
 * the other. What cannot leave now leaves later under the same key, so that it appears once.
 */
class Unsent {
  private readonly store = new WishStore();
  private entries: Entry[] = [];
  private shown: PendingSend[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly lanes = new Set<string>();
  private wakeUps = new Set<() => void>();
  private userId = '';
  private accepted: Accepted = () => undefined;

  /** Goes on with what this user has left unsent; `accepted` is told what the server took. */
  async begin(userId: string, accepted: Accepted): Promise<void> {
    this.accepted = accepted;
    if (this.userId === userId) return;
    this.userId = userId;
    this.entries = [];
    const kept = await this.store.all(userId);
    const known = new Set(this.entries.map(({ wish }) => wish.key));
    const others = kept.filter(({ key }) => !known.has(key)).map(withAge);
    this.entries.unshift(...others.map((wish) => this.entryOf(wish, true)));
    this.tell();
    for (const { wish } of this.entries) this.work(wish);
  }

  /** @returns when it is written down */
  async add(sessionId: string, outgoing: Outgoing, at = Date.now()): Promise<void> {
    const wish: Wish = {
      ...outgoing,
      sessionId,
      userId: this.userId,
      key: newKey(),
      at: new Date(at).toISOString(),
    };
    const entry = this.entryOf(wish, false);
    this.entries.push(entry);
    this.tell();
    entry.kept = await this.store.put(wish);
    this.work(wish);
  }

  /** The server may be there again: nobody waits any longer. */
  wake = (): void => {
    for (const wakeUp of [...this.wakeUps]) wakeUp();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): PendingSend[] => this.shown;

  private entryOf(wish: Wish, kept: boolean): Entry {
    const fileUrl = wish.file && URL.createObjectURL(wish.file.blob);
    const entry = { wish, fileUrl, kept, stop: new AbortController() };
    return Object.assign(entry, { shown: this.shownOf(entry) });
  }

  private shownOf(entry: Omit<Entry, 'shown'>, state: State = {}): PendingSend {
    const { wish } = entry;
    const message = shownAs(wish, entry.fileUrl);
    return {
      key: wish.key,
      sessionId: wish.sessionId,
      message,
      ...state,
      discard: () => void this.discard(entry),
      retry: () => {
        entry.wish = { ...wish, refused: undefined };
        void this.store.put(entry.wish);
        this.change(entry);
        this.work(entry.wish);
      },
    };
  }

  /** It is shown until it is surely gone: a reload must not bring it back. */
  private async discard(entry: Omit<Entry, 'shown'>): Promise<void> {
    entry.stop.abort();
    await this.store.remove(entry.wish.key);
    this.drop(entry);
  }

  private drop(entry: Omit<Entry, 'shown'>): void {
    entry.stop.abort();
    this.entries = this.entries.filter((other) => other !== entry);
    void this.store.remove(entry.wish.key);
    this.tell();
    // The thread shows it a moment longer than we do.
    const { fileUrl } = entry;
    if (fileUrl) setTimeout(() => URL.revokeObjectURL(fileUrl), LONGEST_PAUSE_MS);
  }

  private change(entry: Omit<Entry, 'shown'>, state?: State): void {
    Object.assign(entry, { shown: this.shownOf(entry, state) });
    this.tell();
  }

  private tell(): void {
    this.shown = this.entries.map(({ shown }) => shown);
    for (const listener of this.listeners) listener();
  }

  private work({ sessionId, chatId }: Wish): void {
    const lane = `${sessionId} ${chatId}`;
    if (this.lanes.has(lane)) return;
    this.lanes.add(lane);
    void this.workOff(sessionId, chatId).finally(() => this.lanes.delete(lane));
  }

  private async workOff(sessionId: string, chatId: string): Promise<void> {
    const next = () =>
      this.entries.find(
        ({ wish, stop }) =>
          wish.sessionId === sessionId &&
          wish.chatId === chatId &&
          wish.refused === undefined &&
          !stop.signal.aborted,
      );
    let pause = FIRST_PAUSE_MS;
    for (let entry = next(); entry; entry = next()) {
      if (await this.tryOnce(entry)) {
        pause = FIRST_PAUSE_MS;
        continue;
      }
      await this.pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** @returns false when it has to be tried again by itself */
  private async tryOnce(entry: Entry): Promise<boolean> {
    const { wish, stop } = entry;
    try {
      if (entry.kept && !(await this.store.has(wish.key))) {
        this.drop(entry);
        return true;
      }
      const answer = await postWish(wish, stop.signal, (progress) =>
        this.change(entry, { progress }),
      );
      const { messageId: id, chatId, status, dueAt } = answer;
      const shown = { ...shownAs(wish, entry.fileUrl), timestamp: new Date().toISOString() };
      this.accepted(wish.sessionId, { ...shown, id, chatId, status, ...(dueAt && { dueAt }) });
      this.drop(entry);
    } catch (error) {
      if (stop.signal.aborted) return true;
      if (isPassing(error)) {
        this.change(entry, { waits: true });
        return false;
      }
      entry.wish = { ...wish, refused: messageOf(error) };
      void this.store.put(entry.wish);
      this.change(entry);
    }
    return true;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wakeUp = () => {
        clearTimeout(timer);
        this.wakeUps.delete(wakeUp);
        resolve();
      };
      const timer = setTimeout(wakeUp, ms);
      this.wakeUps.add(wakeUp);
    });
  }
}

/** Keys are known to the server for a day: after that, a try might send it a second time. */
function withAge(wish: Wish): Wish {
  const old = Date.now() - Date.parse(wish.at) > KEY_STANDS_MS;
  return old && wish.refused === undefined ? { ...wish, refused: words.send.tooOld } : wish;
}

export const unsent = new Unsent();

import { useSyncExternalStore } from 'react';

/** A text that is not sent yet, and whom its `@names` mean. */
export interface Draft {
  text: string;
  /** Jids by the name as it stands in the text, `@` included. */
  mentions?: Record<string, string>;
}

const PREFIX = 'patchbay-draft ';
/** The oldest give way: a browser keeps some megabytes for a page. */
const MOST = 300;
const LONGEST = 65_536;
const WRITE_AFTER_MS = 400;
const EMPTY: Draft = { text: '' };

type Kept = Draft & { at: number };

/**
 * Drafts by chat. They are in memory at once and in the browser's storage a moment later and when
 * the page is left, so that a reload, a crash or a dead network loses nothing that was typed.
 */
class Drafts {
  private readonly known = new Map<string, Draft>();
  private readonly unwritten = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    window.addEventListener('pagehide', this.write);
    document.addEventListener('visibilitychange', this.write);
    // Another tab has written.
    window.addEventListener('storage', ({ key }) => {
      if (key !== null && !key.startsWith(PREFIX)) return;
      this.known.clear();
      this.tell();
    });
  }

  of(key: string): Draft {
    const known = this.known.get(key) ?? read(PREFIX + key) ?? EMPTY;
    this.known.set(key, known);
    return known;
  }

  keep(key: string, draft: Draft): void {
    this.known.set(key, draft.text === '' ? EMPTY : draft);
    this.unwritten.add(key);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.write, WRITE_AFTER_MS);
    this.tell();
  }

  /** Of a user who signs out: nobody finds them in this browser. */
  forget(userId: string): void {
    this.known.clear();
    this.unwritten.clear();
    safely(() => {
      for (const name of names()) {
        if (name.startsWith(`${PREFIX}${userId} `)) localStorage.removeItem(name);
      }
    });
    this.tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private write = (): void => {
    clearTimeout(this.timer);
    for (const key of this.unwritten) {
      const { text, mentions } = this.known.get(key) ?? EMPTY;
      const kept: Kept = { text: text.slice(0, LONGEST), mentions, at: Date.now() };
      safely(() => {
        if (text === '') localStorage.removeItem(PREFIX + key);
        else localStorage.setItem(PREFIX + key, JSON.stringify(kept));
      });
    }
    this.unwritten.clear();
    safely(dropOldest);
  };

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Storage may be forbidden or full; the draft then lasts as long as the page. */
function safely(act: () => void): void {
  try {
    act();
  } catch {}
}

function names(): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
}

function read(name: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    const isDraft = typeof kept === 'object' && kept !== null && 'text' in kept;
    return isDraft && typeof kept.text === 'string' ? (kept as Kept) : null;
  } catch {
    return null;
  }
}

function dropOldest(): void {
  const all = names();
  if (all.length <= MOST) return;
  const byAge = all.map((name) => ({ name, at: read(name)?.at ?? 0 })).sort((a, b) => b.at - a.at);
  for (const { name } of byAge.slice(MOST)) localStorage.removeItem(name);
}

export const drafts = new Drafts();

/** The name of a chat's draft; people who share a browser have drafts of their own. */
export function draftKey(userId: string, sessionId: string, chatId: string, editing = ''): string {
  return [userId, sessionId, chatId, editing].join(' ').trimEnd();
}

/** A draft as it is at the moment, for whoever shows that there is one. */
export function useDraft(key: string): Draft {
  return useSyncExternalStore(drafts.subscribe, () => drafts.of(key));
}

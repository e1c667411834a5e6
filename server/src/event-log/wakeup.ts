import { EventEmitter } from 'node:events';

/**
 * New events in the log; something to send in a session; settings of a session changed; a message
 * of ours came further, or its file did (session id, slash, message id); a job may be due (its name,
 * slash, its lane); that a session shows typing in a chat; sessions that a process has given away; what
 * is kept in memory of a table was changed.
 */
type Topic =
  | 'events'
  | `outbox:${string}`
  | `settings:${string}`
  | `message:${string}/${string}`
  | `media:${string}/${string}`
  | `job:${string}`
  | `typing:${string}/${string}`
  | 'free-sessions'
  | `changed:${Remembered}`;

/** Tables of which processes remember what they have read. */
type Remembered = 'access' | 'webhooks' | 'chatbots' | 'chats';

type Kind = 'settings' | 'job' | 'typing';

/** Carries hints to the other processes on the same database; any of them may be lost. */
export interface Notices {
  tell(notice: string): void;
  hear(listener: (notice: string) => void): () => void;
  /** Calls back when notices may have been lost. */
  onMissed(listener: () => void): () => void;
}

const PREFIX = 'hint ';

/**
 * Hints that there may be something new to read, from this process and, where there are others, from
 * those. A hint may be lost; readers also look by themselves.
 */
export class Wakeup {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly elsewhere = new EventEmitter().setMaxListeners(0);

  constructor(private readonly notices?: Notices | undefined) {
    notices?.hear((notice) => {
      if (!notice.startsWith(PREFIX)) return;
      const topic = notice.slice(PREFIX.length);
      emit(this.elsewhere, topic);
      emit(this.emitter, topic);
    });
    notices?.onMissed(() => {
      for (const emitter of [this.elsewhere, this.emitter]) {
        for (const name of emitter.eventNames()) emitter.emit(name);
      }
    });
  }

  hint(topic: Topic): void {
    emit(this.emitter, topic);
    this.notices?.tell(PREFIX + topic);
  }

  /** Calls back on each hint; returns how to stop. */
  on(topic: Topic, listener: () => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }

  /**
   * Calls back on hints of one kind that another process gave, with what follows the colon; undefined:
   * some may have been lost. Returns how to stop.
   */
  onElsewhere(kind: Kind, listener: (what: string | undefined) => void): () => void {
    this.elsewhere.on(`${kind}:`, listener);
    return () => this.elsewhere.off(`${kind}:`, listener);
  }

  /** Calls back when another process changed what this one remembers of a table, or may have. */
  onChanged(table: Remembered, listener: () => void): () => void {
    this.elsewhere.on(`changed:${table}`, listener);
    return () => this.elsewhere.off(`changed:${table}`, listener);
  }
}

function emit(emitter: EventEmitter, topic: string): void {
  emitter.emit(topic);
  const end = topic.indexOf(':') + 1;
  if (end > 0) emitter.emit(topic.slice(0, end), topic.slice(end));
}

import { EventEmitter } from 'node:events';

/**
 * New events in the log; something to send in a session; settings of a session changed; a message
 * of ours came further, or its file did (session id, slash, message id).
 */
type Topic =
  | 'events'
  | `outbox:${string}`
  | `settings:${string}`
  | `message:${string}/${string}`
  | `media:${string}/${string}`;

/** Hints that there may be something new to read. A hint may be lost; readers also look by themselves. */
export class Wakeup {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  hint(topic: Topic): void {
    this.emitter.emit(topic);
  }

  /** Calls back on each hint; returns how to stop. */
  on(topic: Topic, listener: () => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }
}

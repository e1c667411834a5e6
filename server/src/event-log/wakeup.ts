import { EventEmitter } from 'node:events';

/** New events in the log, or something to send in a session. */
type Topic = 'events' | `outbox:${string}`;

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

import { EventEmitter } from 'node:events';
import type { EventData, PassingEvent, PassingName } from '@patchbay/contract';
import type { EventSource } from './event-log.js';

type Listener = (ownerId: string, event: PassingEvent) => void;

/** Passing states (somebody types): told to those who listen now, kept nowhere, lost without harm. */
export class PassingEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  tell<Name extends PassingName>(source: EventSource, name: Name, data: EventData<Name>): void {
    const at = new Date().toISOString();
    this.emitter.emit('told', source.ownerId, { sessionId: source.id, at, name, data });
  }

  /** Calls back on each; returns how to stop. */
  on(listener: Listener): () => void {
    this.emitter.on('told', listener);
    return () => this.emitter.off('told', listener);
  }
}

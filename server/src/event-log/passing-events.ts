import { EventEmitter } from 'node:events';
import type { EventData, PassingEvent, PassingName, TeamEventName } from '@patchbay/contract';
import type { EventSource } from './event-log.js';
import type { Notices } from './wakeup.js';

type Listener = (ownerId: string | null, event: PassingEvent) => void;

const PREFIX = 'passing ';

/**
 * Passing states (somebody types): told to those who listen now, in every process, kept nowhere, lost
 * without harm.
 */
export class PassingEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  constructor(private readonly notices?: Notices | undefined) {
    notices?.hear((notice) => {
      if (!notice.startsWith(PREFIX)) return;
      const [ownerId, event] = JSON.parse(notice.slice(PREFIX.length));
      this.emitter.emit('told', ownerId, event);
    });
  }

  tell<Name extends PassingName>(
    source: Name extends TeamEventName ? null : EventSource,
    name: Name,
    data: EventData<Name>,
  ): void {
    const told = this.tellHere(source, name, data);
    this.notices?.tell(PREFIX + JSON.stringify(told));
  }

  /** Tells those only who listen in this process. */
  tellHere<Name extends PassingName>(
    source: Name extends TeamEventName ? null : EventSource,
    name: Name,
    data: EventData<Name>,
  ): [string | null, object] {
    const at = new Date().toISOString();
    const { id, ownerId } = source ?? { id: null, ownerId: null };
    const event = { sessionId: id, at, name, data };
    this.emitter.emit('told', ownerId, event);
    return [ownerId, event];
  }

  /** Calls back on each, with the owner of the session that it is about; returns how to stop. */
  on(listener: Listener): () => void {
    this.emitter.on('told', listener);
    return () => this.emitter.off('told', listener);
  }
}

import type { EngineEvent } from '../engine-events.js';

/** More calls than these do not ring at the same time; older ones were forgotten by their callers. */
const MAX_RINGING = 100;

/** Calls that ring now, by id, with the device that must be answered. */
export class RingingCalls {
  readonly #devices = new Map<string, string>();

  /** To be called with every event that was stored. */
  told(event: EngineEvent): void {
    if (event.type !== 'call') return;
    this.#devices.delete(event.callId);
    if (event.status === 'offered') this.#devices.set(event.callId, event.device);
    const [oldest] = this.#devices.size > MAX_RINGING ? this.#devices.keys() : [];
    if (oldest) this.#devices.delete(oldest);
  }

  deviceOf(callId: string): string | undefined {
    return this.#devices.get(callId);
  }

  ended(callId: string): void {
    this.#devices.delete(callId);
  }
}

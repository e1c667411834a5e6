import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { PhoneConnection, PhoneStore } from '../protocol/seam.js';
import type { PhoneEvent } from './phone-context.js';
import { PhoneError } from './phone-error.js';
import { PhoneRecords } from './phone-records.js';

/**
 * Runs a phone's work as steps, one after the other. A step's writes and stanzas are handed to the
 * server in one turn when it ends, so that they become durable together; a step that throws leaves nothing.
 */
export class PhoneSteps {
  readonly records: PhoneRecords;
  connection: PhoneConnection | undefined;
  private outbox: BinaryNode[] = [];
  private told: PhoneEvent[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly phone: string,
    store: PhoneStore,
    private readonly onEvent: (event: PhoneEvent) => void,
    private readonly committed: () => Promise<void>,
  ) {
    this.records = new PhoneRecords(store);
  }

  /**
   * @returns the work's result once all that it did is on disk
   * @throws what the work throws
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const step = this.last.then(async () => {
      try {
        const result = await work();
        this.commit();
        return result;
      } catch (error) {
        this.records.discard();
        this.outbox = [];
        this.told = [];
        throw error;
      }
    });
    this.last = step.catch(() => undefined);
    return step.then(async (result) => {
      await this.committed();
      return result;
    });
  }

  /** Resolves when no step runs or waits. */
  async idle(): Promise<void> {
    let seen: unknown;
    while (seen !== this.last) {
      seen = this.last;
      await this.last;
    }
  }

  send(stanza: BinaryNode): void {
    this.outbox.push(stanza);
  }

  tell(event: PhoneEvent): void {
    this.told.push(event);
  }

  /** @throws PhoneError `offline` */
  connected(): PhoneConnection {
    if (!this.connection?.open) {
      throw new PhoneError('offline', `The phone ${this.phone} is not connected just now.`);
    }
    return this.connection;
  }

  private commit(): void {
    const connection = this.outbox.length ? this.connected() : undefined;
    const stanzas = this.outbox;
    const events = this.told;
    this.outbox = [];
    this.told = [];
    this.records.flush();
    for (const stanza of stanzas) connection?.send(stanza);
    for (const event of events) this.onEvent(event);
  }
}

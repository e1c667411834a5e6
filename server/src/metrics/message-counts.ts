import type { EventData } from '@patchbay/contract';
import type { EventLog, StoredEvent } from '../event-log/event-log.js';

const BATCH = 500;
/** Sends whose ack is awaited; older ones are forgotten. */
const AWAITED = 10_000;

export interface MessageCounter {
  message(direction: 'in' | 'out', source: string): void;
  status(status: string): void;
  /** From acceptance of a send to WhatsApp's ack, in seconds. */
  ack(seconds: number): void;
}

/**
 * Counts what the event log tells, with a position of its own that moves only when somebody asks:
 * who never looks at the metrics does not pay for them.
 */
export class MessageCounts {
  private position: number | undefined;
  private reading: Promise<void> | undefined;
  private readonly awaited = new Map<string, number>();

  constructor(
    private readonly log: EventLog,
    private readonly counter: MessageCounter,
  ) {}

  /** Counts from here on. */
  async start(): Promise<void> {
    this.position = await this.log.head();
  }

  /** Counts everything up to now; one at a time. */
  async catchUp(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  private async read(): Promise<void> {
    this.position ??= await this.log.head();
    for (;;) {
      const events = await this.log.storedAfter(this.position, { scope: [{}], limit: BATCH });
      for (const event of events) this.count(event);
      this.position = events.at(-1)?.position ?? this.position;
      if (events.length < BATCH) return;
      // Many may have come since the last look: others get their turn in between.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  private count(event: StoredEvent): void {
    if (event.name === 'session.message') {
      const { source, message } = JSON.parse(event.data) as EventData<'session.message'>;
      this.counter.message(message.fromMe ? 'out' : 'in', source);
      if (source === 'api') this.await(keyOf(event.session_id, message.id), event.at);
    } else if (event.name === 'message.status') {
      const { status, messageId } = JSON.parse(event.data) as EventData<'message.status'>;
      this.counter.status(status);
      if (['sent', 'delivered', 'read', 'played'].includes(status)) {
        this.acknowledged(keyOf(event.session_id, messageId), event.at);
      }
    }
  }

  private await(key: string, at: number): void {
    this.awaited.set(key, at);
    if (this.awaited.size <= AWAITED) return;
    const [oldest] = this.awaited.keys();
    if (oldest !== undefined) this.awaited.delete(oldest);
  }

  private acknowledged(key: string, at: number): void {
    const accepted = this.awaited.get(key);
    if (accepted === undefined) return;
    this.awaited.delete(key);
    this.counter.ack((at - accepted) / 1000);
  }
}

function keyOf(sessionId: string, messageId: string): string {
  return `${sessionId} ${messageId}`;
}

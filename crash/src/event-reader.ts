import { pause } from './until.js';

export interface ReadEvent {
  id: string;
  position: number;
  sessionId: string;
  sequence: number;
  name: string;
  data: { chatId?: string; message?: { id: string; chatId: string; content: string } };
  /** When it was read (ms since 1970). */
  readAt: number;
}

const AGAIN_AFTER = 100;

/** Reads all events from the beginning, and goes on from its cursor whenever it is cut off. */
export abstract class EventReader {
  abstract readonly name: string;
  readonly events: ReadEvent[] = [];
  protected cursor = 0;
  private readonly leaving = new AbortController();
  private connection = new AbortController();
  private work: Promise<void> | undefined;

  start(): void {
    this.work ??= this.run();
  }

  /** Breaks the connection, as a network would. */
  cut(): void {
    this.connection.abort();
  }

  async close(): Promise<void> {
    this.leaving.abort();
    this.connection.abort();
    await this.work;
  }

  /** Reads after the cursor until the connection ends or the signal comes. */
  protected abstract read(signal: AbortSignal): Promise<void>;

  protected take(text: string): void {
    this.events.push({ ...(JSON.parse(text) as ReadEvent), readAt: Date.now() });
  }

  private async run(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      this.connection = new AbortController();
      // Whatever ended it: the cursor says how to go on.
      await this.read(this.connection.signal).catch(() => undefined);
      await pause(AGAIN_AFTER, this.leaving.signal);
    }
  }
}

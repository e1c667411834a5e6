import type { ServerProgram } from './server-program.js';
import { readSse } from './sse.js';
import { pause } from './until.js';

export interface ReadEvent {
  position: number;
  sessionId: string;
  sequence: number;
  name: string;
  data: { message?: { id: string; content: string }; messageId?: string };
  /** When it was read (ms since 1970). */
  readAt: number;
}

const AGAIN_AFTER = 100;

/** Reads the event stream from the beginning, and goes on from its cursor whenever it is cut off. */
export class StreamReader {
  readonly events: ReadEvent[] = [];
  private cursor = 0;
  private readonly leaving = new AbortController();
  private connection = new AbortController();
  private readonly work: Promise<void>;

  constructor(private readonly server: ServerProgram) {
    this.work = this.run();
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

  private async run(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      this.connection = new AbortController();
      // Whatever ended it: the cursor says how to go on.
      await this.read(this.connection.signal).catch(() => undefined);
      await pause(AGAIN_AFTER, this.leaving.signal);
    }
  }

  private read(signal: AbortSignal): Promise<void> {
    const url = `${this.server.url}/api/events/stream?after=0`;
    const headers = { ...this.server.headers, 'last-event-id': String(this.cursor) };
    return readSse(url, headers, signal, ({ id, event, data }) => {
      if (event === 'hello' || data === undefined) return;
      this.events.push({ ...(JSON.parse(data) as ReadEvent), readAt: Date.now() });
      this.cursor = Number(id);
    });
  }
}

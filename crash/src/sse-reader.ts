import { EventReader } from './event-reader.js';
import type { ServerApi } from './server-api.js';
import { readSse } from './sse.js';

/** A reader of `/api/events/stream`. */
export class SseReader extends EventReader {
  override readonly name = 'SSE reader';

  constructor(private readonly server: ServerApi) {
    super();
  }

  protected override read(signal: AbortSignal): Promise<void> {
    const url = `${this.server.url}/api/events/stream?after=0`;
    const headers = { ...this.server.headers, 'last-event-id': String(this.cursor) };
    return readSse(url, headers, signal, ({ id, event, data }) => {
      // Passing states (typing, presence) have no id: they cannot be asked for again.
      if (event === 'hello' || id === undefined || data === undefined) return;
      this.take(data);
      this.cursor = Number(id);
    });
  }
}

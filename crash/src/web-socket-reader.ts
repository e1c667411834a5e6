import { once } from 'node:events';
import { WebSocket } from 'ws';
import { EventReader } from './event-reader.js';
import type { ServerApi } from './server-api.js';

/** A reader of `/api/ws`. */
export class WebSocketReader extends EventReader {
  override readonly name = 'WebSocket reader';

  constructor(private readonly server: ServerApi) {
    super();
  }

  protected override async read(signal: AbortSignal): Promise<void> {
    const address = `${this.server.url.replace(/^http/, 'ws')}/api/ws?format=events`;
    const socket = new WebSocket(address, { headers: this.server.headers });
    const closed = once(socket, 'close');
    signal.addEventListener('abort', () => socket.terminate());
    socket.on('error', () => socket.terminate());
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'subscribe', after: this.cursor }));
    });
    socket.on('message', (data) => {
      const { event, cursor } = JSON.parse(String(data)) as { event?: object; cursor?: number };
      if (event === undefined || cursor === undefined || signal.aborted) return;
      this.take(JSON.stringify(event));
      this.cursor = cursor;
    });
    await closed;
  }
}

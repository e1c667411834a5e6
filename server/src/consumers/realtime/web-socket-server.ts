import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES } from '@patchbay/contract';
import { WebSocketServer } from 'ws';
import type { Principal } from '../../auth/principal.js';
import type { EventStreams } from './event-stream.js';

const PATH = '/api/ws';
const MAX_FRAME = 16 * 1024;

/**
 * Opens `/api/ws` on an HTTP server. Whoever may not come in is let in and sent away with close code
 * 4001: a browser does not tell a page why an opening request was refused.
 * @param letIn who asks; throws for everybody else
 */
export function serveWebSockets(
  server: Server,
  streams: EventStreams,
  letIn: (request: IncomingMessage, url: URL) => Promise<Principal>,
): void {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const asked = letIn(request, url).catch(() => undefined);
    void asked.then((principal) =>
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => webSocket.terminate());
        const form = url.searchParams.get('format') === 'events' ? 'events' : 'channels';
        if (principal) streams.accept({ webSocket, connection: socket }, principal, form);
        else webSocket.close(CLOSE_CODES.unauthorized, 'unauthorized');
      }),
    );
  });
}

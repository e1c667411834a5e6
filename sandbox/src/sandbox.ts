import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { createControl } from './control/control.js';
import { startMediaHost } from './media/host.js';
import type { CreateControl } from './protocol/seam.js';
import { WhatsAppServer } from './protocol/server.js';
import { Witness } from './protocol/witness.js';
import { startPageHost } from './web-page/page-host.js';
import { issueIdentity } from './wire/certificate.js';
import { loadRootKey } from './world/root-key.js';
import { Store } from './world/store.js';

export interface SandboxOptions {
  /** Folder of the sandbox's world (made if missing). Two sandboxes must not share one. */
  dataDir: string;
  /** Loopback port of the websocket and the control API; 0 = any free one. Default 3100. */
  port?: number;
  /** Opens the phones and answers HTTP; default: the control API and the phone page. */
  control?: CreateControl;
  /** Gives an empty world a few phones to play with. */
  seed?: boolean;
  /** A file for what companions say, as it arrives (see `Witness`). */
  witness?: string;
}

export interface Sandbox {
  /** For `waWebSocketUrl`. */
  wsUrl: string;
  /** For `WA_CERT_DETAILS.PUBLIC_KEY`: 32 bytes as hex. */
  rootPublicKey: string;
  /** Base of the control API. */
  controlUrl: string;
  server: WhatsAppServer;
  /** Closes every connection and the files. What waits in queues stays on disk. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const WS_PATH = '/ws/chat';

/** Starts a WhatsApp of your own on the loopback interface. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  mkdirSync(options.dataDir, { recursive: true });
  const store = new Store(join(options.dataDir, 'world.db'));
  const identity = issueIdentity(loadRootKey(store));
  const http = createServer();
  const media = await startMediaHost(join(options.dataDir, 'media'));
  const page = await startPageHost(join(options.dataDir, 'web-page'));
  const port = await listen(http, options.port ?? 3100);
  const wsUrl = `ws://${HOST}:${port}${WS_PATH}`;
  const rootPublicKey = identity.root.publicKey.toString('hex');
  const webPage = { host: page.host, spki: page.spki };
  const info = { wsUrl, rootPublicKey, media, webPage };
  const witness = options.witness === undefined ? undefined : new Witness(options.witness);
  const server = new WhatsAppServer(store, identity, info, media, witness);
  media.strikes = (kind) => server.struckBy(kind);
  const sockets = acceptSockets(http, server);
  const control = await (options.control ?? createControl)(server, { seed: options.seed, page });
  http.on('request', (request, response) => control.handle(request, response));
  const stop = async (): Promise<void> => {
    await control.close();
    server.stop();
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await media.stop();
    await page.stop();
    store.close();
  };
  return { wsUrl, rootPublicKey, controlUrl: `http://${HOST}:${port}`, server, stop };
}

function acceptSockets(http: Server, server: WhatsAppServer): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on('upgrade', (request, socket, head) => {
    const [path, query] = (request.url ?? '').split('?');
    if (path !== WS_PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    const refusal = server.refusal();
    if (refusal) {
      // As if nobody listened; with a `code`, as a proxy in front of the servers answers.
      if (refusal.code === undefined) socket.destroy();
      else socket.end(`HTTP/1.1 ${refusal.code} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    const by = new URLSearchParams(query).get('by') ?? undefined;
    sockets.handleUpgrade(request, socket, head, (client) => server.accept(client, by));
  });
  return sockets;
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, HOST, () => resolve((http.address() as AddressInfo).port));
  });
}

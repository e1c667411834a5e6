import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { listenAgain } from '../media/listen-again.js';
import { newAuthority, newLoopbackCertificate } from '../media/x509.js';
import { PageFiles } from './page-files.js';
import type { WebPages } from './web-pages.js';

export interface PageHost {
  /** `127.0.0.1:port` */
  host: string;
  /** SHA-256 of the public key of its certificate, base64. */
  spki: string;
  /** From now on pages can do something. */
  serve(pages: WebPages): void;
  stop(): Promise<void>;
}

/** The page's compiled script: the same place from `src/web-page` and from `dist/web-page`. */
const SCRIPT = fileURLToPath(new URL('../../dist/web-page/page/', import.meta.url));
const HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stand-in page</title>
<link rel="icon" href="data:,"></head>
<body><script type="module" src="/page/main.js"></script></body></html>`;
const SCRIPT_PATH = /^\/page\/((?:modules\/)?[\w-]+\.js)$/;

/**
 * The page in WhatsApp Web's place, on a loopback port of its own. A browser comes here by its host
 * resolver rules and trusts this one key.
 * @param dir folder of the key, and of the port of last time
 */
export async function startPageHost(dir: string): Promise<PageHost> {
  mkdirSync(dir, { recursive: true });
  const certificate = loadCertificate(dir);
  let pages: WebPages | undefined;
  const server = createServer(certificate, (request, response) => {
    answer(request, response, pages).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error.message);
    });
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    if (!pages || pages.server.struckBy('refuse')) {
      socket.destroy();
      return;
    }
    const served = pages;
    sockets.handleUpgrade(request, socket, head, (client) => connect(client, served));
  });
  const port = await listenAgain(server, join(dir, 'port'));
  return {
    host: `127.0.0.1:${port}`,
    spki: spkiOf(certificate.cert),
    serve: (served) => {
      pages = served;
    },
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function connect(client: WebSocket, pages: WebPages): void {
  const session = pages.open({
    send: (text) => client.send(text),
    close: () => client.terminate(),
  });
  client.on('message', (data) => {
    try {
      session.hear(String(data));
    } catch (error) {
      console.error('web page: what it said was not understood:', error);
      client.terminate();
    }
  });
  client.on('close', () => session.gone());
  client.on('error', () => client.terminate());
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: WebPages | undefined,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://web.whatsapp.com');
  const script = SCRIPT_PATH.exec(pathname)?.[1];
  if (request.method === 'GET' && pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
  } else if (request.method === 'GET' && script) {
    const code = await readFile(join(SCRIPT, script));
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
  } else if (request.method === 'POST' && pathname.startsWith('/media/') && pages) {
    const files = new PageFiles(pages.server);
    const body = await buffer(request);
    const { status, content } = await files.handle(pathname, searchParams, body);
    response.writeHead(status).end(content);
  } else if (pathname === '/stall') {
    // A page that asks for that synchronously stands still meanwhile: without a time, for ever.
    const ms = searchParams.get('ms');
    if (ms !== null) setTimeout(() => response.writeHead(204).end(), Number(ms)).unref();
  } else {
    response.writeHead(404).end();
  }
}

function loadCertificate(dir: string): { key: string; cert: string } {
  const keyFile = join(dir, 'key.pem');
  const certFile = join(dir, 'cert.pem');
  if (existsSync(keyFile) && existsSync(certFile)) {
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
  }
  const made = newLoopbackCertificate(newAuthority());
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(certFile, made.cert);
  return made;
}

function spkiOf(cert: string): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Certified, newAuthority, newLoopbackCertificate } from './x509.js';

export interface MediaServer {
  /** `127.0.0.1:port` */
  host: string;
  /** The CA's certificate, PEM. */
  caFile: string;
  /** Keeps bytes as they are, to be had at `/v/<name>`. */
  put(name: string, bytes: Uint8Array): void;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const MAX_BYTES = 110 * 1024 * 1024;
/** What clients upload to: kind of media, then the hash of the encrypted blob. */
const UPLOAD = /^\/(?:mms|o1|product|optimistic)\/(?:[\w-]+\/)*([\w-]{16,128})$/;
const DOWNLOAD = /^\/v\/([\w-]{16,128})$/;

/**
 * The media host: keeps encrypted blobs under their hash and gives them back. It cannot read them,
 * as the real one cannot. TLS with a CA of its own, because clients insist on https.
 * @param dir folder of the blobs, the CA, and the port that earlier uploads' URLs name
 */
export async function startMediaHost(dir: string): Promise<MediaServer> {
  mkdirSync(join(dir, 'blobs'), { recursive: true });
  const caFile = join(dir, 'ca.pem');
  const authority = loadAuthority(caFile, join(dir, 'ca-key.pem'));
  const certificate = newLoopbackCertificate(authority);
  const server = createServer(certificate, (request, response) => {
    handle(join(dir, 'blobs'), request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error.message);
    });
  });
  const port = await listenAgain(server, join(dir, 'port'));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const put = (name: string, bytes: Uint8Array): void =>
    writeFileSync(join(dir, 'blobs', name), bytes);
  return { host: `${HOST}:${port}`, caFile, put, stop };
}

function loadAuthority(caFile: string, keyFile: string): Certified {
  if (existsSync(caFile) && existsSync(keyFile)) {
    return { cert: readFileSync(caFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }
  const authority = newAuthority();
  writeFileSync(keyFile, authority.key, { mode: 0o600 });
  writeFileSync(caFile, authority.cert);
  return authority;
}

/** On the port of last time if it is free, so that old URLs still lead here. */
async function listenAgain(server: Server, portFile: string): Promise<number> {
  const former = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  const port = await listen(former).catch(() => listen(0));
  writeFileSync(portFile, String(port));
  return port;
}

async function handle(
  blobs: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0]!;
  const upload = request.method === 'POST' ? UPLOAD.exec(path)?.[1] : undefined;
  const download = request.method === 'GET' ? DOWNLOAD.exec(path)?.[1] : undefined;
  if (upload) return take(blobs, upload, request, response);
  if (download) return give(join(blobs, download), request, response);
  response.writeHead(404).end();
}

async function take(
  blobs: string,
  hash: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      response.writeHead(413).end();
      return;
    }
    chunks.push(chunk);
  }
  const file = join(blobs, hash);
  // Written aside first: a killed sandbox leaves no half blob under a hash.
  const partial = `${file}.${process.pid}.${Date.now()}.partial`;
  await writeFile(partial, Buffer.concat(chunks));
  await rename(partial, file);
  const direct_path = `/v/${hash}`;
  const body = JSON.stringify({
    url: `https://${request.headers.host}${direct_path}`,
    direct_path,
  });
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

async function give(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const blob = await readFile(file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(range?.[2] ? Number(range[2]) + 1 : blob.length, blob.length);
  const part = blob.subarray(start, end);
  const headers: Record<string, string | number> = {
    'content-type': 'application/octet-stream',
    'content-length': part.length,
  };
  if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${blob.length}`;
  response.writeHead(range ? 206 : 200, headers).end(part);
}

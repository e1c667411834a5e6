import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, readFile, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Fault, FaultKind } from '../protocol/fault-kinds.js';
import type { MediaBlobs } from '../protocol/seam.js';
import { Damage } from './damage.js';
import { listenAgain } from './listen-again.js';
import { type Certified, newAuthority, newLoopbackCertificate } from './x509.js';

export interface MediaServer extends MediaBlobs {
  /** `127.0.0.1:port` */
  host: string;
  /** The CA's certificate, PEM. */
  caFile: string;
  /** Asked before each transfer whether it shall go wrong. */
  strikes: (kind: FaultKind) => Fault | undefined;
  stop(): Promise<void>;
}

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
  const blobs = join(dir, 'blobs');
  mkdirSync(blobs, { recursive: true });
  const caFile = join(dir, 'ca.pem');
  const authority = loadAuthority(caFile, join(dir, 'ca-key.pem'));
  const certificate = newLoopbackCertificate(authority);
  const server = createServer(certificate, (request, response) => {
    handle(blobs, (kind) => media.strikes(kind), request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error.message);
    });
  });
  const port = await listenAgain(server, join(dir, 'port'));
  const media: MediaServer = {
    host: `127.0.0.1:${port}`,
    caFile,
    strikes: () => undefined,
    ...blobsOf(blobs),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return media;
}

/** The blobs as the phones of this process reach them. */
function blobsOf(folder: string): MediaBlobs {
  const fileOf = (directPath: string): string => {
    const name = DOWNLOAD.exec(directPath)?.[1];
    if (!name) throw new Error(`${directPath} is no path of the media host`);
    return join(folder, name);
  };
  return {
    put: (name, blob) => {
      writeFileSync(join(folder, name), blob);
      return `/v/${name}`;
    },
    get: async (directPath) => await readFile(fileOf(directPath)).catch(() => undefined),
    again: async (directPath) => {
      const name = randomUUID();
      const copied = await copyFile(fileOf(directPath), join(folder, name)).then(
        () => true,
        () => false,
      );
      return copied ? `/v/${name}` : undefined;
    },
  };
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

type Strikes = MediaServer['strikes'];

async function handle(
  blobs: string,
  strikes: Strikes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0]!;
  const upload = request.method === 'POST' ? UPLOAD.exec(path)?.[1] : undefined;
  const download = request.method === 'GET' ? DOWNLOAD.exec(path)?.[1] : undefined;
  if (upload) return take(join(blobs, upload), strikes, request, response);
  if (download) return give(join(blobs, download), strikes, request, response);
  response.writeHead(404).end();
}

async function take(
  file: string,
  strikes: Strikes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = strikes('upload_refused');
  if (refused) {
    request.resume();
    response.writeHead(refused.code ?? 503).end();
    return;
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) {
    request.resume();
    response.writeHead(413).end();
    return;
  }
  await writeAside(file, (partial) => pipeline(request, createWriteStream(partial)));
  // All is here, and the client never hears of it.
  if (strikes('upload_stall')) return;
  const direct_path = `/v/${file.slice(file.lastIndexOf('/') + 1)}`;
  const body = JSON.stringify({
    url: `https://${request.headers.host}${direct_path}`,
    direct_path,
  });
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

/** Written aside first: a killed sandbox leaves no half blob under a hash. */
async function writeAside(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await write(partial);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function give(
  file: string,
  strikes: Strikes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = strikes('media_gone');
  const found = gone ? undefined : await stat(file).catch(() => undefined);
  if (!found) {
    response.writeHead(gone?.code ?? (gone ? 410 : 404)).end();
    return;
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(range?.[2] ? Number(range[2]) + 1 : found.size, found.size);
  const headers: Record<string, string | number> = {
    'content-type': 'application/octet-stream',
    'content-length': end - start,
  };
  if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${found.size}`;
  response.writeHead(range ? 206 : 200, headers);
  if (strikes('media_stall')) {
    // Half of it, and then nothing more.
    const half = Math.floor((end - start) / 2);
    createReadStream(file, { start, end: start + half }).pipe(response, { end: false });
    return;
  }
  const content = createReadStream(file, { start, end: end - 1 });
  if (strikes('media_damaged')) await pipeline(content, new Damage(end - start), response);
  else await pipeline(content, response);
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface S3Account {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A bucket over HTTP as the S3 API has it (objects: PUT, GET with a range, HEAD, DELETE), in memory.
 * It checks what a service checks: the signature (version 4, in the header) and the hash that the
 * client signed for the body.
 */
export async function startS3Service(account: S3Account) {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    answer(objects, account, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  objects: Map<string, Buffer>,
  account: S3Account,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = request.url ?? '';
  const body = await buffer(request);
  if (!isSigned(request, account)) return end(response, 403);
  const signedHash = request.headers['x-amz-content-sha256'];
  if (request.method === 'PUT') {
    const hash = createHash('sha256').update(body).digest('hex');
    if (signedHash !== hash) return end(response, 400);
    objects.set(name, body);
    return end(response, 200);
  }
  if (request.method === 'DELETE') {
    objects.delete(name);
    return end(response, 204);
  }
  const object = objects.get(name);
  if (!object) return end(response, 404);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = from ? object.subarray(Number(from), Number(to) + 1) : object;
  response.writeHead(from ? 206 : 200, { 'content-length': part.length });
  response.end(request.method === 'HEAD' ? undefined : part);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** AWS Signature Version 4 as its specification builds it: canonical request, string to sign, key. */
function isSigned(request: IncomingMessage, account: S3Account): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!parts) return false;
  const [, keyId = '', day = '', region = '', names = '', signature = ''] = parts;
  if (keyId !== account.accessKeyId || region !== account.region) return false;
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`);
  const [path, query = ''] = (request.url ?? '').split('?');
  const canonical = [
    request.method,
    path,
    query,
    ...headers,
    '',
    names,
    request.headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${account.secretAccessKey}`),
  );
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

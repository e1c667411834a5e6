import type { FastifyRequest } from 'fastify';
import { HttpError } from './http-error.js';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses requests that a foreign web page could make through the user's browser: by a name of its own
 * that points to 127.0.0.1 (DNS rebinding), or across origins.
 * @throws HttpError 403 `host_not_allowed`
 */
export async function loopbackOnly(request: FastifyRequest): Promise<void> {
  const { host, origin } = request.headers;
  const hosts = [`http://${host ?? ''}`, ...(origin === undefined ? [] : [origin])];
  if (hosts.every(isLoopback)) return;
  throw new HttpError(
    403,
    'host_not_allowed',
    'The sandbox answers only under localhost, 127.0.0.1 or [::1].',
  );
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
}

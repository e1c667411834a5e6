import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { COOKIE } from './credentials.js';
import type { Origin } from './logins.js';

/** Longer than browsers keep one; when a sign-in ends is for the server to say (s). */
const KEPT = 400 * 24 * 60 * 60;

export function setCookie(reply: FastifyReply, value: string, maxAge = KEPT): void {
  const secure = reply.request.protocol === 'https';
  reply.setCookie(COOKIE, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge,
  });
}

export function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip, browser: headers['user-agent'] ?? '' };
}

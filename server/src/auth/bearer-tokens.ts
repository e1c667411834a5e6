import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestToken } from '@patchbay/contract';
import { Action } from '@patchbay/contract';
import { z } from 'zod';
import { ApiError } from '../http/api-error.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { Action as ActionName, Principal } from './principal.js';

const DEFAULT_MINUTES = 15;

/** What a token says, in the short names of RFC 7519. */
const Claims = z.object({
  sub: z.string(),
  exp: z.number(),
  actions: z.array(Action),
  sessions: z.array(z.string()).nullable(),
  /** The key or sign-in that asked for it: it ends with that. */
  from: z.object({ keyId: z.string(), loginId: z.string() }).partial(),
  operator: z.literal(true).optional(),
});
export type Claims = z.infer<typeof Claims>;

const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/**
 * Short-lived bearers (JWT, RFC 7519) for programs. One algorithm, HS256 under a key derived from the
 * instance's secret; the header is compared as a whole, so that a token cannot choose another.
 */
export class BearerTokens {
  private readonly key: Buffer;

  constructor(box: SecretBox) {
    this.key = Buffer.from(box.sign('key of bearer tokens'), 'base64url');
  }

  /** A bearer for what the caller may do, or for less. @throws {ApiError} forbidden */
  issue(principal: Principal, asked: RequestToken): { token: string; expiresAt: number } {
    if (principal.via === 'jwt') {
      throw new ApiError('forbidden', 'A bearer token is not given for another one');
    }
    const actions = asked.actions ?? [...principal.actions];
    const sessions =
      asked.sessions ?? (principal.sessions === 'all' ? null : [...principal.sessions]);
    refuseMore(principal, actions, sessions);
    const minutes = asked.minutes ?? DEFAULT_MINUTES;
    const latest = principal.expiresAt ?? Number.MAX_SAFE_INTEGER;
    const exp = Math.floor(Math.min(Date.now() + minutes * 60_000, latest) / 1000);
    const { userId: sub, keyId, loginId, isOperator } = principal;
    const claims: Claims = {
      ...{ sub, exp, actions, sessions },
      from: { ...(keyId && { keyId }), ...(loginId && { loginId }) },
      ...(isOperator && { operator: true }),
    };
    const body = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return {
      token: `${body}.${this.signature(body).toString('base64url')}`,
      expiresAt: exp * 1000,
    };
  }

  /** What a token of ours says, until it expires. */
  read(token: string): Claims | undefined {
    const [header, payload = '', signature = '', ...more] = token.split('.');
    if (header !== HEADER || more.length > 0) return undefined;
    const given = Buffer.from(signature, 'base64url');
    const expected = this.signature(`${header}.${payload}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return claims.exp * 1000 > Date.now() ? claims : undefined;
  }

  private signature(body: string): Buffer {
    return createHmac('sha256', this.key).update(body).digest();
  }
}

function refuseMore(principal: Principal, actions: ActionName[], sessions: string[] | null): void {
  const { sessions: allowed } = principal;
  const isMore =
    actions.some((action) => !principal.actions.has(action)) ||
    (allowed !== 'all' && (sessions ?? []).some((id) => !allowed.has(id)));
  if (isMore) throw new ApiError('forbidden', 'A token cannot allow more than who asks for it');
}

import type { IncomingMessage } from 'node:http';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError } from '../http/api-error.js';
import { ApiKey } from './api-key.js';
import type { AuthenticatedRequest, Principal } from './principal.js';
import { SOLE_OWNER } from './principal.js';

export const COOKIE = 'patchbay';

const OPEN = 'patchbay:open';
/** Marks the few routes that need no credentials. */
export const Open = () => SetMetadata(OPEN, true);

type Asking = Pick<AuthenticatedRequest, 'headers' | 'cookies' | 'method'>;

/** Lets in who brings the API key (header, bearer) or the browser's cookie. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly apiKey: ApiKey,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const open = this.reflector.getAllAndOverride<boolean>(OPEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (open) return true;
    this.check(context.switchToHttp().getRequest<AuthenticatedRequest>());
    return true;
  }

  /** Gives the request its principal, or throws `unauthorized`. */
  check(request: AuthenticatedRequest): void {
    if (!this.byKey(request) && !this.byCookie(request)) {
      throw new ApiError(
        'unauthorized',
        'Send the API key as "X-Api-Key: ..." or "Authorization: Bearer ...", or sign in',
      );
    }
    request.principal = SOLE_OWNER;
  }

  /**
   * The same for the request that opens a WebSocket, where browsers cannot set headers: `apiKey` in
   * the address counts too. With a cookie only a page of ours gets in, for no browser asks first.
   */
  checkUpgrade({ headers }: IncomingMessage, url: URL, cookies: Asking['cookies']): Principal {
    const key = url.searchParams.get('apiKey');
    const request = {
      headers: { ...headers, ...(key !== null && { 'x-api-key': key }) },
      cookies,
      method: 'CONNECT',
    };
    if (!this.byKey(request) && !this.byCookie(request)) throw new ApiError('unauthorized');
    return SOLE_OWNER;
  }

  private byKey({ headers }: Pick<Asking, 'headers'>): boolean {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const key = headers['x-api-key'] ?? bearer;
    return typeof key === 'string' && this.apiKey.matches(key);
  }

  /** A cookie comes along with requests of foreign pages too: those must not change anything. */
  private byCookie(request: Asking): boolean {
    const value = request.cookies[COOKIE];
    if (!value || !this.apiKey.acceptsCookie(value)) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) {
      throw new ApiError('forbidden', 'A page of another origin may not do this');
    }
    return true;
  }
}

function isSameOrigin({ headers }: Asking): boolean {
  if (headers['sec-fetch-site']) return headers['sec-fetch-site'] === 'same-origin';
  if (!headers.origin) return false;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

import type { IncomingMessage } from 'node:http';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { SessionId } from '@patchbay/contract';
import { isForwarded } from '../forwarding/forwarded-mark.js';
import { ApiError } from '../http/api-error.js';
import type { Asking } from './credentials.js';
import { Credentials } from './credentials.js';
import type { Need, Requirement } from './needs.js';
import { requirementOf } from './needs.js';
import type { AuthenticatedRequest, Principal, SessionScope } from './principal.js';
import { ProcessSecret } from './process-secret.js';
import { RateLimits } from './rate-limits.js';
import { SessionAccess } from './session-access.js';

/** Paths in which `:id` is a session's. */
const OF_SESSION = /^\/api\/(?:sessions|accounts)\/:id(?:\/|$)/;

/**
 * The one place that decides who may do what. A route says what it `Needs`; whatever session a
 * request names, in its path, query or body, must be one that the caller may use.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly credentials: Credentials,
    private readonly access: SessionAccess,
    private readonly limits: RateLimits,
    private readonly processSecret: ProcessSecret,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = requirementOf(context.getHandler());
    if (!requirement) throw new Error('a route that does not say what it needs');
    if (requirement.need === 'nothing') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (requirement.need === 'process') return this.checkProcess(request);
    const principal = await this.check(request);
    // Whoever forwarded it has counted it.
    if (!isForwarded(request)) this.limits.take(principal);
    refuseUnless(principal, requirement.need);
    const [id, ...more] = sessionsNamedBy(request);
    if (id !== undefined) request.session = await this.session(principal, id, requirement);
    for (const other of more) await this.session(principal, other, requirement);
    return true;
  }

  private checkProcess({ headers }: AuthenticatedRequest): true {
    if (this.processSecret.isIn(headers.authorization)) return true;
    throw new ApiError(
      'unauthorized',
      'Send WHATSAPP_QR_SERVICE_SECRET, which must be set here, as "Authorization: Bearer ..."',
    );
  }

  /** Gives the request its principal, or throws `unauthorized`. */
  async check(request: AuthenticatedRequest): Promise<Principal> {
    const principal = await this.credentials.identify(request);
    if (!principal) {
      throw new ApiError(
        'unauthorized',
        'Send the API key as "X-Api-Key: ..." or "Authorization: Bearer ...", or sign in',
      );
    }
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (principal.via === 'cookie' && changes) refuseForeignPage(request);
    request.principal = principal;
    return principal;
  }

  /**
   * The same for the request that opens a WebSocket, where browsers cannot set headers: `apiKey` in
   * the address counts too. With a cookie only a page of ours gets in, for no browser asks first.
   */
  async checkUpgrade(
    { headers }: IncomingMessage,
    url: URL,
    cookies: Asking['cookies'],
  ): Promise<Principal> {
    const key = url.searchParams.get('apiKey');
    const request = {
      headers: { ...headers, ...(key !== null && { 'x-api-key': key }) },
      cookies,
    };
    const principal = await this.credentials.identify(request);
    if (!principal) throw new ApiError('unauthorized');
    if (principal.via === 'cookie') refuseForeignPage(request);
    refuseUnless(principal, 'read');
    return principal;
  }

  private async session(
    principal: Principal,
    id: string,
    { need, maybeNew }: Requirement,
  ): Promise<SessionScope> {
    // Looked at once: another request may be making it just now.
    const session = await this.access.look(principal, id);
    if (session === 'free' && maybeNew && principal.sessions === 'all') {
      return { id, ownerId: principal.userId };
    }
    if (typeof session === 'object') {
      if ((need === 'manage' || need === 'admin') && !this.access.manages(principal, session)) {
        throw new ApiError('forbidden', 'The account is shared with you; its owner may do this');
      }
      return session;
    }
    throw new ApiError('session_not_found', `There is no session "${id}"`);
  }
}

function refuseUnless(
  { actions, role, sessions, via }: Principal,
  need: Exclude<Need, 'process'>,
): void {
  if (need === 'person') {
    if (via === 'cookie' || via === 'instance-key') return;
    throw new ApiError('forbidden', 'Only somebody who has signed in may do this, not a program');
  }
  const isWhole = sessions === 'all' && actions.has('manage');
  if (need === 'admin') {
    if (role === 'admin' && isWhole) return;
    throw new ApiError('forbidden', 'Only an admin may do this');
  }
  if (need !== 'nothing' && !actions.has(need)) {
    throw new ApiError('forbidden', `These credentials do not allow to ${need}`);
  }
}

/** The session that a request is about; of one that names several, the path's first. */
function sessionsNamedBy({ params, query, body, routeOptions }: AuthenticatedRequest): string[] {
  const { id, sessionId } = (params ?? {}) as Record<string, string | undefined>;
  const inPath = sessionId ?? (OF_SESSION.test(routeOptions.url ?? '') ? id : undefined);
  const parsed = SessionId.optional().safeParse(inPath);
  if (!parsed.success) {
    throw new ApiError('invalid_request', `id: ${parsed.error.issues[0]?.message}`);
  }
  // Of the wrong shape, a field is for the route's schema to refuse.
  const fields = [query, body]
    .map(fieldOf)
    .filter((named) => named !== undefined && SessionId.safeParse(named).success);
  return [parsed.data, ...fields].filter((named) => named !== undefined);
}

function fieldOf(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const { sessionId } = source as { sessionId?: unknown };
  return typeof sessionId === 'string' ? sessionId : undefined;
}

/** A cookie comes along with requests of foreign pages too: those must not change anything. */
function refuseForeignPage({ headers }: Pick<Asking, 'headers'>): void {
  const site = headers['sec-fetch-site'];
  const isOurs = site
    ? site === 'same-origin'
    : headers.origin !== undefined &&
      URL.canParse(headers.origin) &&
      new URL(headers.origin).host === headers.host;
  if (!isOurs) throw new ApiError('forbidden', 'A page of another origin may not do this');
}

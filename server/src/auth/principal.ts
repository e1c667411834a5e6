import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import '@fastify/cookie';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';

/**
 * What credentials allow. `read`: see; `send`: speak as the account, and all that belongs to
 * answering (marks, typing, labels); `manage`: change the account itself, its groups, webhooks.
 */
export const ACTIONS = ['read', 'send', 'manage'] as const;
export type Action = (typeof ACTIONS)[number];

export type Role = 'admin' | 'agent';

/** Who is asking, and what the credentials allow of what that user may. */
export interface Principal {
  userId: string;
  /** Admins may use all sessions, agents their own and those that are shared with them. */
  role: Role;
  actions: ReadonlySet<Action>;
  /** An API key may be for some sessions only. */
  sessions: 'all' | ReadonlySet<string>;
  /** `cookie` is a person in a browser; `instance-key` the operator's key, which nothing limits. */
  via: 'cookie' | 'key' | 'jwt' | 'instance-key';
  /** The operator, by the server's own key: no limit of any kind. */
  isOperator?: true;
  /** Of an API key: which. */
  keyId?: string;
  /** Of a browser that a user signed in with: which. */
  loginId?: string;
  /** Of what the operator's key gave out (a cookie, a bearer): see `InstanceKey.proof`. */
  operatorProof?: string;
  /** When the credentials end by themselves (ms since the epoch). */
  expiresAt?: number;
}

/** A session that the guard found to be one that the caller may use, with the user whose it is. */
export interface SessionScope {
  id: string;
  ownerId: string;
}

/** Who does something, and from which address. */
export interface Actor {
  principal: Principal;
  address: string;
}

/** The first admin, to whom all belongs that was made before there were users. */
export const FIRST_USER = 'owner';

/** Who asks with the server's own key. */
export const OPERATOR: Principal = {
  userId: FIRST_USER,
  role: 'admin',
  actions: new Set(ACTIONS),
  sessions: 'all',
  via: 'instance-key',
  isOperator: true,
};

export type AuthenticatedRequest = FastifyRequest & {
  principal?: Principal;
  session?: SessionScope;
};

/** The caller with the address that the request came from, for what is noted in the audit log. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { principal, ip } = requestOf(context);
  if (!principal) throw new ApiError('unauthorized');
  return { principal, address: ip };
});

const SCHEMA = '#/components/schemas/SessionId';

function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.switchToHttp().getRequest<AuthenticatedRequest>();
}

/** The principal that the guard found, as a handler's parameter. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = requestOf(context);
  if (!principal) throw new ApiError('unauthorized');
  return principal;
});

/** The session that the guard has found; a field of the wrong shape names none. */
function sessionOf(_: unknown, context: ExecutionContext): SessionScope {
  const { session } = requestOf(context);
  if (!session) throw new ApiError('invalid_request', 'sessionId: not an id of a session');
  return session;
}

/** Documents a session's id in the path of a handler. */
function inPath(name: string): ParameterDecorator {
  return (target, key) => {
    const handler = Object.getOwnPropertyDescriptor(target, key as string);
    const schema = { $ref: SCHEMA } as object;
    if (handler) ApiParam({ name, schema })(target, key as string, handler);
  };
}

/**
 * The session whose `id` the path names, as a handler's parameter: the guard has found that it is
 * there and that the caller may do with it what the route `Needs`.
 */
export const InSession = createParamDecorator(sessionOf, [inPath('id')]);

/** The same where the path names it as `sessionId`. */
export const InSessionOfPath = createParamDecorator(sessionOf, [inPath('sessionId')]);

/** The same where the body names it. */
export const InSessionOfBody = createParamDecorator(sessionOf);

/** The session that a query or body names, if it does; see `InSession`. */
export const MaybeInSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): SessionScope | undefined => requestOf(context).session,
);

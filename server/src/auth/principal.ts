import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';

/** Who is asking. Everything that is read or written on a request is scoped by `ownerId`. */
export interface Principal {
  ownerId: string;
}

/** The user that a chat is assigned to, or that writes a note, on this request. */
export function userOf({ ownerId }: Principal): string {
  return ownerId;
}

/** Until users exist, the API key stands for the one owner of everything. */
export const SOLE_OWNER: Principal = { ownerId: 'owner' };

export type AuthenticatedRequest = FastifyRequest & { principal?: Principal };

/** The principal that the guard found, as a handler's parameter. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new ApiError('unauthorized');
  return principal;
});

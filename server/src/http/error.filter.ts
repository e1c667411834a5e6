import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { ErrorBody, ErrorCode } from '@patchbay/contract';
import '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isStorageAway } from '../db/storage-away.js';
import { isForwarded } from '../forwarding/forwarded-mark.js';
import { type Forwarding, NOT_HERE } from '../forwarding/forwarding.js';
import { SessionElsewhere } from '../forwarding/session-elsewhere.js';
import { ApiError } from './api-error.js';

/** HTTP statuses of the framework's own refusals, in codes of our table. */
const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** Paths whose answers are `{ success, data, message }`; errors are then, too. */
const ENVELOPED = /^\/api\/whatsapp\//;

/** The one place where errors become answers. Outside /api an unknown page is the web app's. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly hasWebApp: boolean,
    private readonly forwarding: Forwarding,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (thrown instanceof SessionElsewhere && !isForwarded(request)) {
      this.forwarding
        .forward(request, reply, thrown)
        .catch((error) => this.answer(error, request, reply));
      return;
    }
    if (thrown instanceof SessionElsewhere) void reply.header(NOT_HERE, '1');
    this.answer(thrown, request, reply);
  }

  private answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = toApiError(thrown, request);
    if (error.code === 'not_found' && this.hasWebApp && isPageRequest(request)) {
      void reply.header('cache-control', 'no-cache').sendFile('index.html');
      return;
    }
    if (error.code === 'storage_unavailable') {
      this.logger.warn({ err: thrown, requestId: request.id }, 'request failed: storage is away');
    } else if (error.code === 'internal') {
      this.logger.error(
        { err: thrown, requestId: request.id, route: request.routeOptions.url },
        'request failed',
      );
    }
    const body: ErrorBody = {
      ...(ENVELOPED.test(request.url) && { success: false, message: error.message }),
      error: {
        code: error.code,
        message: error.message,
        requestId: request.id,
        ...(error.issues && { issues: error.issues }),
      },
    };
    if (error.retryAfter !== undefined) void reply.header('retry-after', error.retryAfter);
    void reply.status(error.status).send(body);
  }
}

function toApiError(thrown: unknown, request: FastifyRequest): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isStorageAway(thrown)) {
    return new ApiError(
      'storage_unavailable',
      'The database cannot be written now; try again later',
    );
  }
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const code = CODE_OF_STATUS[status];
  if (!code) return new ApiError('internal');
  if (code === 'not_found') {
    return new ApiError(code, `There is no ${request.method} ${request.url.split('?')[0]}`);
  }
  return new ApiError(code, thrown instanceof Error ? thrown.message : undefined);
}

/** Fastify's own errors carry the status. */
function statusOf(thrown: unknown): number {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}

function isPageRequest({ method, url, headers }: FastifyRequest): boolean {
  const isApi = url === '/api' || url.startsWith('/api/') || url.startsWith('/api?');
  const wantsPage = headers.accept?.includes('text/html') ?? false;
  return (method === 'GET' || method === 'HEAD') && !isApi && wantsPage;
}

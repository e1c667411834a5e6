import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { appModule } from '../app.module.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { serveWebSockets } from '../consumers/realtime/web-socket-server.js';
import type { House } from '../house.js';
import { nestLogger } from '../logging.js';
import { describeApi } from './api-document.js';
import { ApiError } from './api-error.js';
import { ErrorFilter } from './error.filter.js';
import { SECURITY_HEADERS } from './security-headers.js';

const MAX_BODY = 1024 * 1024;
const WEB_APP = join(createRequire(import.meta.url).resolve('#package'), '../../web/dist');

/** The HTTP server over a house: API, OpenAPI document, web app. Not listening yet. */
export async function createServer(
  house: House,
  logger: Logger,
  version: string,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY,
    trustProxy: house.trustProxy.length > 0 ? house.trustProxy : false,
    forceCloseConnections: 'idle',
    // What is on its way when the server stops is answered as ever (stop-serving.ts).
    return503OnClosing: false,
    // Too long is for the schemas to say.
    routerOptions: { maxParamLength: 4096 },
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(house.providers),
    adapter,
    { logger: nestLogger(logger), bodyParser: false },
  );
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const hasWebApp = existsSync(WEB_APP);
  await fastify.register(cookie);
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    house.mark.receive(request);
    if (/%00/.test(request.url)) throw nulRefused('the address');
  });
  fastify.addHook('onSend', async (_request, reply) => {
    // The next request of this client goes to a process that stays.
    if (house.readiness.isStopping) reply.header('connection', 'close');
  });
  if (hasWebApp) await serveWebApp(fastify);
  acceptJson(fastify);
  await acceptFiles(fastify);
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => {
        const shown = issues.map(({ path, message }) => ({ path: pathOf(path), message }));
        const first = shown[0];
        const where = first?.path ? `${first.path}: ` : '';
        return new ApiError('invalid_request', `${where}${first?.message ?? 'invalid'}`, shown);
      },
    }),
  );
  app.useGlobalFilters(new ErrorFilter(logger, hasWebApp, house.forwarding));
  describeApi(app, fastify, version);
  await app.init();
  serveWebSockets(fastify.server, house.streams, (request, url) =>
    app
      .get(AuthGuard)
      .checkUpgrade(request, url, fastify.parseCookie(request.headers.cookie ?? '')),
  );
  return app;
}

/** `\\u0000` in JSON, and not a backslash followed by such letters. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/** No text of people has the character NUL, and PostgreSQL cannot store it. */
function nulRefused(where: string): ApiError {
  return new ApiError('invalid_request', `The character NUL is not allowed (in ${where})`);
}

/** JSON; an empty body is no body, as curl -X PUT sends it. */
function acceptJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_BODY },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else if (ESCAPED_NUL.test(body as string)) done(nulRefused('the body'));
      else parse(request, body as string, done);
    },
  );
  // Pictures of groups.
  fastify.addContentTypeParser(
    'image/jpeg',
    { parseAs: 'buffer', bodyLimit: MAX_BODY },
    (_request, body, done) => done(null, body),
  );
}

/** Routes that take a file as multipart/form-data, which they read themselves as a stream. */
const TAKES_FILES =
  /\/(send\/(media|audio)|templates\/:templateId\/media|bulk-sends\/csv(\/check)?)$/;

async function acceptFiles(fastify: FastifyInstance): Promise<void> {
  await fastify.register(multipart, { limits: { fields: 20, fieldSize: 128 * 1024 } });
  fastify.addHook('onRequest', async ({ headers, routeOptions }) => {
    if (!headers['content-type']?.startsWith('multipart/')) return;
    if (!TAKES_FILES.test(routeOptions.url ?? '')) throw new ApiError('unsupported_media_type');
  });
}

async function serveWebApp(fastify: FastifyInstance): Promise<void> {
  // Hundreds of files, named by their content; one route finds them all.
  await fastify.register(fastifyStatic, {
    root: join(WEB_APP, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    maxAge: '1y',
    immutable: true,
    decorateReply: false,
  });
  await fastify.register(fastifyStatic, {
    root: WEB_APP,
    wildcard: false,
    globIgnore: ['assets/**'],
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response) => response.header('cache-control', 'no-cache'),
  });
}

function pathOf(path: readonly unknown[] | undefined): string {
  return (path ?? [])
    .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .join('.');
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { appModule } from '../app.module.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { serveWebSockets } from '../consumers/realtime/web-socket-server.js';
import type { House } from '../house.js';
import { nestLogger } from '../logging.js';
import { ApiError } from './api-error.js';
import { ErrorFilter } from './error.filter.js';

const MAX_BODY = 1024 * 1024;
const WEB_APP = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** The HTTP server over a house: API, OpenAPI document, web app. Not listening yet. */
export async function createServer(
  house: House,
  logger: Logger,
  version: string,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY,
    forceCloseConnections: true,
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
  await fastify.register(helmet, { contentSecurityPolicy: { directives: CSP }, hsts: false });
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  if (hasWebApp) await serveWebApp(fastify);
  acceptJson(fastify);
  await fastify.register(multipart, { limits: { fields: 20, fieldSize: 128 * 1024 } });
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
  app.useGlobalFilters(new ErrorFilter(logger, hasWebApp));
  describeApi(app, fastify, version);
  await app.init();
  serveWebSockets(fastify.server, house.streams, (request, url) =>
    app
      .get(AuthGuard)
      .checkUpgrade(request, url, fastify.parseCookie(request.headers.cookie ?? '')),
  );
  return app;
}

/** Everything from this origin, nothing inline. */
const CSP = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

/** JSON; an empty body is no body, as curl -X PUT sends it. */
function acceptJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_BODY },
    (request, body, done) => {
      if (body === '') done(null, undefined);
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

async function serveWebApp(fastify: FastifyInstance): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: WEB_APP,
    wildcard: false,
    preCompressed: true,
    setHeaders: (response, path) => {
      const isNamedByContent = path.includes('/assets/');
      response.header(
        'cache-control',
        isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

/** The OpenAPI document and its page, for those who have credentials. */
function describeApi(app: NestFastifyApplication, fastify: FastifyInstance, version: string): void {
  const builder = new DocumentBuilder()
    .setTitle('Patchbay')
    .setDescription('WhatsApp gateway and team inbox')
    .setVersion(version)
    .addApiKey({ type: 'apiKey', name: 'X-Api-Key', in: 'header' }, 'apiKey')
    .addBearerAuth(undefined, 'bearer')
    .addSecurityRequirements('apiKey')
    .addSecurityRequirements('bearer')
    .build();
  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!/^\/api\/(docs(\/|$|-)|openapi\.(json|yaml)$)/.test(path)) return;
    app.get(AuthGuard).check(request);
    // The documentation page brings styles and a script of its own inline.
    reply.header('content-security-policy', "default-src 'self' 'unsafe-inline' data:");
  });
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, builder), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
  });
}

function pathOf(path: readonly unknown[] | undefined): string {
  return (path ?? [])
    .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .join('.');
}

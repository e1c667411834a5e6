import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { Phones } from '../phone/phones.js';
import type { CreateControl } from '../protocol/seam.js';
import { WebPages } from '../web-page/web-pages.js';
import { abilityRoutes } from './ability-routes.js';
import { EventStreams } from './event-stream.js';
import { asHttpError, HttpError } from './http-error.js';
import { loopbackOnly } from './loopback-only.js';
import { phoneRoutes } from './phone-routes.js';
import { seedPhones } from './seed.js';
import { worldRoutes } from './world-routes.js';

/** The same place from `src/control` and from `dist/control`. */
const PAGE = fileURLToPath(new URL('../../page/', import.meta.url));
const CONTENT_POLICY = "default-src 'self'; frame-ancestors 'none'";
/** A photographed QR as a data URL. */
const BODY_LIMIT = 20 * 1024 * 1024;

/** Opens the phones and serves the control API and the phone page; see the seam. */
export const createControl: CreateControl = async (server, options) => {
  const phones = await Phones.open(server);
  if (options?.seed) await seedPhones(server, phones);
  const pages = new WebPages(server, phones);
  options?.page?.serve(pages);
  const streams = new EventStreams(phones);
  const app = Fastify({ bodyLimit: BODY_LIMIT });
  app.addHook('onRequest', loopbackOnly);
  answerErrors(app);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.get('/api/events', (_request, reply) => {
    reply.hijack();
    streams.add(reply.raw);
  });
  phoneRoutes(app, phones, pages);
  abilityRoutes(app, phones);
  worldRoutes(app, server, phones);
  app.get('/api/unknown-modules', async () => ({ unknownModules: [...pages.unknownModules] }));
  await app.register(fastifyStatic, {
    root: PAGE,
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('content-security-policy', CONTENT_POLICY);
    },
  });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    close: async () => {
      streams.close();
      pages.close();
      phones.close();
      await app.close();
    },
  };
};

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, message } = asHttpError(error);
    if (status >= 500) console.error(`control: ${code}: ${message}`);
    return reply.status(status).send({ error: { code, message } });
  });
  app.setNotFoundHandler((request) => {
    throw new HttpError(404, 'not_found', `There is no ${request.method} ${request.url} here.`);
  });
}

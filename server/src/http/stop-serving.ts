import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EventStreams } from '../consumers/realtime/event-stream.js';
import type { House } from '../house.js';
import { within } from '../within.js';

/** What is being answered may take so long (ms); then it is cut off. */
const PATIENCE = 3000;
/** Connections whose answer is complete are closed this often (ms). */
const LOOK_EVERY = 50;

/** Who has looked up a moment ago where a session runs is on the way here (ms). */
const ON_THE_WAY = 500;
/** A connection that is not used for so long (ms) is not waited for. */
const QUIET = 3000;

/**
 * While others take over: resolves when those who ask here have gone elsewhere. Each answer ends its
 * connection, so what is left is not in use, and closing it does not cross a request on its way.
 */
export async function seenOff(
  app: NestFastifyApplication,
  streams: Pick<EventStreams, 'counts'>,
): Promise<void> {
  const server = app.getHttpServer() as Server;
  const from = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    const passed = performance.now() - from;
    const open = await new Promise<number>((resolve) =>
      server.getConnections((_, count) => resolve(count ?? 0)),
    );
    const { sse, webSocket } = streams.counts();
    if (passed > QUIET || (passed > ON_THE_WAY && open <= sse + webSocket)) return;
  }
}

/**
 * Takes no more connections, ends the streams, and resolves when everything that was asked is
 * answered. Streams end after nobody is let in any more: who comes again comes to another process.
 */
export async function stopServing(
  app: NestFastifyApplication,
  { streams, sending }: Pick<House, 'streams' | 'sending'>,
): Promise<void> {
  const server = app.getHttpServer() as Server;
  server.close();
  sending.close();
  streams.close();
  const sweep = setInterval(() => server.closeIdleConnections(), LOOK_EVERY);
  const closed = app.close();
  if (!(await within(PATIENCE, closed))) server.closeAllConnections();
  await closed;
  clearInterval(sweep);
}

import type { FastifyInstance } from 'fastify';
import type { Phones } from '../phone/phones.js';
import type { SandboxServer } from '../protocol/seam.js';
import { HttpError } from './http-error.js';
import * as schemas from './schemas.js';

/** Where to connect, faults, queues, and the barrier for tests. */
export function worldRoutes(app: FastifyInstance, server: SandboxServer, phones: Phones): void {
  app.get('/api/info', async () => server.info);
  app.get('/api/unknown-iqs', async () => ({ unknownIqs: server.unknownIqs() }));

  app.get('/api/group-queries', async () => ({ count: server.groupQueries() }));

  app.get('/api/queues', async () => ({
    queues: server.queues().map((queue) => {
      const unacknowledged = queue.stanzas.filter(({ deliveries }) => deliveries > 0).length;
      return { ...queue, undelivered: queue.stanzas.length - unacknowledged, unacknowledged };
    }),
  }));
  app.post('/api/settle', async (request) => {
    const { timeoutMs } = schemas.settle.parse(request.body ?? {});
    await settle(server, phones, timeoutMs ?? 10_000);
    return { settled: true };
  });

  const schedules = new Set<() => void>();
  app.post('/api/faults', async (request, reply) => {
    const body = request.body as { kind?: unknown } | undefined;
    if (body?.kind === 'random') {
      const { kind, ...options } = schemas.faultRequest.randomFaults.parse(body);
      schedules.add(server.faults.random(options));
      return reply.status(201).send({ kind, ...options });
    }
    return reply.status(201).send(server.faults.add(schemas.faultRequest.fault.parse(body ?? {})));
  });
  app.get('/api/faults', async () => ({ faults: server.faults.list() }));
  app.delete('/api/faults', async () => {
    for (const stop of schedules) stop();
    schedules.clear();
    server.faults.clear();
    return { faults: [] };
  });
  app.delete<{ Params: { id: string } }>('/api/faults/:id', async (request) => {
    const id = Number(request.params.id);
    if (!server.faults.remove(id)) {
      throw new HttpError(404, 'unknown_fault', `No fault ${request.params.id} is in force.`);
    }
    return { id };
  });
  app.addHook('onClose', async () => {
    for (const stop of schedules) stop();
  });
}

/** Phones answer what they get, and their answers are in flight again: both must be quiet. */
async function settle(server: SandboxServer, phones: Phones, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  try {
    await phones.idle(deadline);
    await server.settle(timeoutMs);
    await phones.idle(deadline);
    await server.settle(timeoutMs);
  } catch (error) {
    throw new HttpError(504, 'not_settled', error instanceof Error ? error.message : String(error));
  }
}

import type { Core } from './core.js';
import type { DeviceQueue } from './seam.js';

/** Every device's queue, phones included, as `GET /api/queues` shows it. */
export function describeQueues(core: Core): DeviceQueue[] {
  return core.world.accounts().flatMap(({ phone }) =>
    core.world.devicesOf(phone).map(({ key, index }) => ({
      phone,
      device: index,
      connected: core.delivery.link(key) !== undefined,
      stanzas: [...core.queues.waiting(key)].map((entry) => ({
        id: entry.id,
        tag: entry.tag,
        type: entry.type,
        from: entry.from,
        participant: entry.participant,
        queuedAt: entry.at,
        deliveries: entry.deliveries,
        retrying: entry.retrying,
      })),
      counts: { ...core.queues.counts(key) },
    })),
  );
}

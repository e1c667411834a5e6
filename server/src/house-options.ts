import type { Clock } from './clock.js';
import type { ClusterTimes } from './cluster/membership.js';
import type { StreamTimes } from './consumers/realtime/event-stream.js';
import type { engines, RemoteTimes, WwebjsTimes } from './engines/engine-registry.js';
import type { OutboxTimes } from './sessions/outbox-delivery.js';
import type { SessionTimes } from './sessions/session-surroundings.js';

export const SESSION_TIMES: SessionTimes = {
  stuckAfter: 60_000,
  stableAfter: 60_000,
  closeWithin: 5000,
};

/** What tests have otherwise than the product. */
export interface HouseOptions {
  times?: SessionTimes;
  outboxTimes?: OutboxTimes;
  /** The engines by kind; others than this build's for tests that need quicker timings. */
  registry?: typeof engines;
  remoteTimes?: RemoteTimes;
  wwebjsTimes?: Partial<WwebjsTimes>;
  streamTimes?: Partial<StreamTimes>;
  clusterTimes?: ClusterTimes;
  /** Of jobs and webhooks. */
  clock?: Clock;
}

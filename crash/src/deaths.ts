import type { EventReader } from './event-reader.js';
import type { Cast } from './lanes.js';
import type { PhoneWatcher } from './phone-watcher.js';
import type { Sent } from './traffic.js';

export interface Death {
  round: number;
  at: number;
  /** When a process that was only stopped or cut off could go on; absent: it was gone at once. */
  until?: number;
  /** A crash point, or how it was killed. */
  where: string;
}

/** Messages that were under way at a moment: asked for, and not yet with everyone. */
export interface InFlight {
  outbound: number;
  inbound: number;
}

/** How many messages were in flight at each death. */
export function inFlightAt(
  deaths: Death[],
  cast: Cast,
  sent: Sent[],
  { arrivals }: PhoneWatcher,
  { events }: EventReader,
): InFlight[] {
  const read = new Map<string, number>();
  for (const { sessionId, data, readAt } of events) {
    const key = `${sessionId} ${data.message?.content}`;
    if (data.message && !read.has(key)) read.set(key, readAt);
  }
  const spans = sent.map((message) => ({
    outbound: message.lane.via === 'api',
    from: message.at,
    to: arrivedEverywhere(message, cast, arrivals, read),
  }));
  return deaths.map(({ at }) => {
    const open = spans.filter(({ from, to }) => from <= at && at < to);
    const outbound = open.filter((span) => span.outbound).length;
    return { outbound, inbound: open.length - outbound };
  });
}

/** Outbound: at all other phones. Inbound: at the reader, from every session concerned. */
function arrivedEverywhere(
  { lane, text, at, outcome }: Sent,
  { sessions }: Cast,
  arrivals: Map<string, number>,
  read: Map<string, number>,
): number {
  if (outcome === 'refused') return at;
  const times = lane.members.map((phone) => {
    if (lane.via === 'api') return phone === lane.author ? 0 : arrivals.get(`${phone} ${text}`);
    const session = sessions.get(phone);
    return session === undefined ? 0 : read.get(`${session} ${text}`);
  });
  // What the watcher did not see (the sandbox was away) ended at a time that nobody knows.
  if (times.some((time) => time === undefined)) return at;
  return Math.max(...(times as number[]));
}

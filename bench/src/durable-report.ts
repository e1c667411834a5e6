import type { DurablePlan, Traffic } from './durable.js';
import type { LongChatPlan } from './long-chat.js';
import { median } from './median.js';
import type { DurableResult, LongChatResult } from './results.js';
import { atLeast, atMost, type Verdict } from './verdict.js';

type Direction = 'inbound' | 'outbound';
const DIRECTIONS: Direction[] = ['inbound', 'outbound'];

/** Ours beside bare Baileys', in the same run; the median over the runs. */
function ratio(
  { server, bare }: DurableResult['byOpen'][number],
  direction: Direction,
  of: (traffic: Traffic) => number,
): number {
  return median(
    server.map((ours, run) => {
      const theirs = bare[run]?.[direction];
      return of(ours[direction]) / (theirs ? of(theirs) : Number.NaN);
    }),
  );
}

export function durableVerdicts({ database, byOpen }: DurableResult): Verdict[] {
  return byOpen.flatMap((row) => {
    const where = `${row.open} open sessions, ${database}`;
    const delay = median(row.server.flatMap((run) => DIRECTIONS.map((d) => run[d].delayP99)));
    return [
      ...DIRECTIONS.map((direction) =>
        atLeast(
          `Durable ${direction} messages a second beside bare Baileys, ${where}`,
          ratio(row, direction, ({ perSecond }) => perSecond),
          0.6,
        ),
      ),
      atMost(`Event-loop delay, 99th percentile in ms, ${where}`, delay, 50),
    ];
  });
}

export function durableTables({ active, messages }: DurablePlan, result: DurableResult): string {
  const rows = result.byOpen.flatMap((row) =>
    DIRECTIONS.flatMap((direction) => {
      const line = (name: string, traffic: Traffic[]) =>
        `| ${row.open} | ${direction} | ${name} | ${[
          of(traffic, ({ perSecond }) => perSecond, 0),
          of(traffic, ({ cpuMs }) => cpuMs, 2),
          of(traffic, ({ bytes }) => (bytes ?? Number.NaN) / 1024, 1),
          of(traffic, ({ delayP99 }) => delayP99, 0),
          of(traffic, ({ longestDelay }) => longestDelay, 0),
        ].join(' | ')} |`;
      const rate = ratio(row, direction, ({ perSecond }) => perSecond);
      const cpu = ratio(row, direction, ({ cpuMs }) => cpuMs);
      return [
        line(
          'Patchbay',
          row.server.map((run) => run[direction]),
        ),
        line(
          'bare Baileys',
          row.bare.map((run) => run[direction]),
        ),
        `| ${row.open} | ${direction} | ratio | ${rate.toFixed(2)} | ${cpu.toFixed(2)} | | | |`,
      ];
    }),
  );
  const latencies = result.byOpen.map(({ open, server }) => {
    const figures = [
      server.map(({ toEvent }) => toEvent.p50),
      server.map(({ toEvent }) => toEvent.p99),
      server.map(({ toFrame }) => toFrame.p50),
      server.map(({ toFrame }) => toFrame.p99),
    ];
    return `| ${open} | ${figures.map((values) => spread(values, 0)).join(' | ')} |`;
  });
  return `## Messages through one process, ${result.database}

${active} busy sessions, ${messages} messages each in each direction. Inbound: committed, in the event log, and
read by one WebSocket client. Outbound: from the HTTP request until WhatsApp's ack is known to that
client. CPU is all of the process, its garbage collector and threads included. Written: ${
    result.database === 'SQLite'
      ? 'what the process gave to the disk'
      : "PostgreSQL's write-ahead log"
  }.

| open sessions | direction | | messages/s | CPU ms for each | written KB for each | event-loop delay p99, ms | longest, ms |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

At half of that rate, in milliseconds; inbound from the moment the sandbox has the message to send until
the client has its event, outbound from the HTTP request until the recipient has the frame:

| open sessions | inbound p50 | inbound p99 | outbound p50 | outbound p99 |
| --- | --- | --- | --- | --- |
${latencies.join('\n')}`;
}

export function longChatVerdicts({ database, latencies }: LongChatResult): Verdict[] {
  const slowest = latencies.reduce((a, b) => (a.median > b.median ? a : b));
  return [atMost(`Reading a long chat, ms (${slowest.what}, ${database})`, slowest.median, 50)];
}

export function longChatTable(
  { messages, requests }: LongChatPlan,
  { database, latencies }: LongChatResult,
): string {
  return `## Reading in a chat of ${messages.toLocaleString('en')} messages, ${database}

Over HTTP, ${requests} requests of each, one after another, in milliseconds.

| | median | slowest |
| --- | --- | --- |
${latencies.map((one) => `| ${one.what} | ${one.median.toFixed(1)} | ${one.slowest.toFixed(1)} |`).join('\n')}`;
}

function of(traffic: Traffic[], figure: (traffic: Traffic) => number, digits: number): string {
  return spread(traffic.map(figure), digits);
}

function spread(values: number[], digits: number): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map(
    (value) => (Number.isNaN(value) ? '?' : value.toFixed(digits)),
  );
  return values.length === 1 ? `${middle}` : `${middle} (${low}..${high})`;
}

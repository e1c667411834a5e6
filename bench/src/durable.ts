import pg from 'pg';
import type { Partner } from './bare/main.js';
import type { Child } from './child.js';
import type { EventReader } from './event-reader.js';
import { barePhone, type House, range, serverPhone, sessionId } from './house.js';
import type { Spent } from './measured.js';
import { postgresCpu } from './postgres-cpu.js';
import type { LoadOrder, PacedOrder } from './sandbox-process.js';
import type { ServerProcess } from './server-process.js';
import { wallClock } from './wall-clock.js';

export interface DurablePlan {
  /** Sessions with traffic, and how many are open in all. */
  active: number;
  open: number[];
  /** For each active session. */
  messages: number;
  /** Messages in all at half load, for the latencies. */
  paced: number;
}

/** Messages through one process: how many a second, and what each cost. */
export interface Traffic {
  perSecond: number;
  cpuMs: number;
  /** Of PostgreSQL, for each message; null where it cannot be told. */
  postgresMs: number | null;
  /** Bytes to the disk (SQLite) or of the write-ahead log (PostgreSQL), for each message. */
  bytes: number | null;
  delayP99: number;
  longestDelay: number;
}

/** Milliseconds. */
export interface Percentiles {
  p50: number;
  p99: number;
}

export interface ServerTraffic {
  inbound: Traffic;
  outbound: Traffic;
  /** From the frame of an inbound message to its event at the reader, at half load. */
  toEvent: Percentiles;
  /** From the HTTP request to the frame at the recipient, at half load. */
  toFrame: Percentiles;
}

export type BareTraffic = Pick<ServerTraffic, 'inbound' | 'outbound'>;

const WARM_UP = 20;
/** Requests of one session under way at a time. */
const REQUESTS_AT_ONCE = 4;

/** @param open sessions that are open, the first `active` of them busy */
export async function serverTraffic(
  house: House,
  plan: DurablePlan,
  open: number,
): Promise<ServerTraffic> {
  const server = await house.startServer();
  const { inbound, outbound, lines, reader } = await bothWays(house, server, plan, open);
  // Receipts of what was sent are still being worked off, and are not what is measured next.
  await house.sandbox.ask('settle');
  const each = Math.ceil(plan.paced / plan.active);
  const pace = { ...orderOf(plan), messages: each, perSecond: inbound.perSecond / 2 };
  const toEvent = await inboundLatency(house, reader, pace);
  await house.sandbox.ask('settle');
  const toFrame = await outboundLatency(house, server, lines, each, outbound.perSecond / 2);
  reader.close();
  await closeSessions(server, open);
  await house.stopServer(server);
  return { inbound, outbound, toEvent, toFrame };
}

export async function closeSessions(server: ServerProcess, open: number): Promise<void> {
  await Promise.all(range(0, open).map((index) => server.close(sessionId(index))));
  await server.connected(0);
}

const orderOf = ({ active, messages }: DurablePlan): LoadOrder => ({
  phones: range(0, active).map(serverPhone),
  messages,
});

/**
 * Traffic in each direction through a server that has just been started.
 * @param workers what they spend counts as well
 */
export async function bothWays(
  house: House,
  server: ServerProcess,
  plan: DurablePlan,
  open: number,
  workers: Child[] = [],
) {
  const { sandbox } = house;
  const { active, messages } = plan;
  await Promise.all(range(0, open).map((index) => server.open(sessionId(index))));
  await server.connected(open);
  const order = orderOf(plan);
  const partners = await sandbox.ask<Partner[]>('greet', order);
  const lines = partners.map(({ to }, index) => ({ id: sessionId(index), to }));
  const reader = await server.read();
  await Promise.all(lines.map(({ id, to }) => server.send(id, to, 'hello')));
  await sandbox.ask('heard', order);
  const before = active * (WARM_UP + 1);
  await sandbox.ask('load', { ...order, messages: WARM_UP });
  await sendAll(server, lines, WARM_UP);
  // What was accepted and is not sent yet, and its receipts, would be counted as what is measured.
  await reader.reaches('sent', before);
  await sandbox.ask('settle');

  const received = reader.received.size;
  const total = active * messages;
  const processes = [server.child, ...workers];
  const inbound = await measured(house, processes, total, async () => {
    await sandbox.ask('load', order);
    await reader.reaches('received', received + total);
  });
  const outbound = await measured(house, processes, total, async () => {
    await sendAll(server, lines, messages);
    await reader.reaches('sent', before + total);
  });
  return { inbound, outbound, lines, reader };
}

export async function bareTraffic(
  house: House,
  { active, messages }: DurablePlan,
  open: number,
): Promise<BareTraffic> {
  const { sandbox } = house;
  const bare = await house.startBare('hardened');
  await bare.ask('open', range(0, open).map(barePhone));
  const order: LoadOrder = { phones: range(0, active).map(barePhone), messages };
  const partners = await sandbox.ask<Partner[]>('greet', order);
  await bare.ask('sayAll', { partners, messages: 1 });
  await sandbox.ask('heard', order);
  await sandbox.ask('load', { ...order, messages: WARM_UP });
  await bare.ask('sayAll', { partners, messages: WARM_UP });
  await sandbox.ask('settle');
  const total = active * messages;
  const inbound = await measured(house, [bare], total, () => sandbox.ask('load', order));
  const outbound = await measured(house, [bare], total, () =>
    bare.ask('sayAll', { partners, messages }),
  );
  await bare.ask('close');
  await bare.stop();
  return { inbound, outbound };
}

async function measured(
  house: House,
  processes: Child[],
  messages: number,
  work: () => Promise<void>,
): Promise<Traffic> {
  const url = house.databaseUrl;
  const logged = await walPosition(url);
  const spentBefore = url ? await postgresCpu(url) : null;
  await Promise.all(processes.map((process) => process.startSpending()));
  const started = performance.now();
  await work();
  const elapsed = performance.now() - started;
  const spent = together(await Promise.all(processes.map((process) => process.spent())));
  const spentAfter = url ? await postgresCpu(url) : null;
  const wal = (await walPosition(url)) - logged;
  const { cpuMs, written, delayP99, longestDelay } = spent;
  const bytes = url ? wal : written;
  const isTold = spentBefore !== null && spentAfter !== null;
  return {
    perSecond: (messages * 1000) / elapsed,
    cpuMs: cpuMs / messages,
    postgresMs: isTold ? (spentAfter - spentBefore) / messages : null,
    bytes: bytes === null ? null : bytes / messages,
    delayP99,
    longestDelay,
  };
}

function together(spent: Spent[]): Spent {
  const sum = (figures: number[]) => figures.reduce((all, figure) => all + figure, 0);
  return {
    cpuMs: sum(spent.map(({ cpuMs }) => cpuMs)),
    written: spent.some(({ written }) => written === null)
      ? null
      : sum(spent.map(({ written }) => written ?? 0)),
    delayP99: Math.max(...spent.map(({ delayP99 }) => delayP99)),
    longestDelay: Math.max(...spent.map(({ longestDelay }) => longestDelay)),
  };
}

/** Bytes of PostgreSQL's write-ahead log so far; 0 with SQLite. */
async function walPosition(url: string | undefined): Promise<number> {
  if (!url) return 0;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select pg_current_wal_lsn() - '0/0'::pg_lsn as position");
  await client.end();
  return Number(rows[0]?.position);
}

interface Line {
  id: string;
  to: string;
}

async function sendAll(server: ServerProcess, lines: Line[], messages: number): Promise<void> {
  const lane = async ({ id, to }: Line, from: number) => {
    for (let index = from; index < messages; index += REQUESTS_AT_ONCE) {
      await server.send(id, to, `message ${index} of a load`);
    }
  };
  await Promise.all(lines.flatMap((line) => range(0, REQUESTS_AT_ONCE).map((n) => lane(line, n))));
}

async function inboundLatency(
  house: House,
  reader: EventReader,
  order: PacedOrder,
): Promise<Percentiles> {
  const before = reader.received.size;
  const left = await house.sandbox.ask<[string, number][]>('pace', order);
  await reader.reaches('received', before + left.length);
  return percentiles(left.map(([id, at]) => (reader.received.get(id) ?? Number.NaN) - at));
}

async function outboundLatency(
  house: House,
  server: ServerProcess,
  lines: Line[],
  each: number,
  perSecond: number,
): Promise<Percentiles> {
  const asked: Promise<{ id: string; at: number }>[] = [];
  const started = performance.now();
  for (let index = 0; index < each; index += 1) {
    for (const { id, to } of lines) {
      const due = started + (asked.length * 1000) / perSecond - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      const at = wallClock();
      asked.push(server.send(id, to, `message ${index}`).then((message) => ({ id: message, at })));
    }
  }
  const sent = await Promise.all(asked);
  const ids = sent.map(({ id }) => id);
  const arrivals = await house.sandbox.ask<number[]>('arrivals', ids);
  return percentiles(arrivals.map((arrival, index) => arrival - (sent[index]?.at ?? Number.NaN)));
}

function percentiles(values: number[]): Percentiles {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

import {
  type BareTraffic,
  bareTraffic,
  bothWays,
  closeSessions,
  type DurablePlan,
} from './durable.js';
import { type House, range } from './house.js';
import { median, spread } from './median.js';
import { atLeast, atMost, type Verdict } from './verdict.js';

export interface WorkersPlan extends Pick<DurablePlan, 'active' | 'messages'> {
  workers: number[];
}

/** The same traffic through so many worker processes; bare Baileys is one process. */
export interface WorkersRun {
  byWorkers: { workers: number; traffic: BareTraffic }[];
  bare: BareTraffic;
}

export async function measureWorkers(house: House, plan: WorkersPlan): Promise<WorkersRun> {
  const byWorkers: WorkersRun['byWorkers'] = [];
  const durable = { ...plan, open: [], paced: 0 };
  for (const workers of plan.workers) {
    byWorkers.push({ workers, traffic: await through(house, durable, workers) });
  }
  return { byWorkers, bare: await bareTraffic(house, durable, plan.active) };
}

/** One more process is the API, which all programs talk to. */
async function through(house: House, plan: DurablePlan, workers: number): Promise<BareTraffic> {
  const server = await house.startServer('api');
  const children = await Promise.all(range(0, workers).map(() => house.startWorker()));
  const { inbound, outbound, reader } = await bothWays(house, server, plan, plan.active, children);
  reader.close();
  await house.sandbox.ask('settle');
  await closeSessions(server, plan.active);
  for (const child of children) await child.stop();
  await house.stopServer(server);
  return { inbound, outbound };
}

const DIRECTIONS = ['inbound', 'outbound'] as const;
type Direction = (typeof DIRECTIONS)[number];

export function workersVerdicts(runs: WorkersRun[]): Verdict[] {
  const [first] = runs;
  const one = first?.byWorkers[0]?.workers;
  const most = first?.byWorkers.at(-1)?.workers;
  if (one === undefined || most === undefined) return [];
  const cpu = (workers: number, direction: Direction) =>
    median(figures(runs, workers, direction, ({ cpuMs }) => cpuMs));
  const rate = (workers: number) =>
    median(figures(runs, workers, 'inbound', ({ perSecond }) => perSecond));
  return [
    ...DIRECTIONS.map((direction) =>
      atMost(
        `CPU of a message, ${direction}, ${most} workers beside ${one}`,
        cpu(most, direction) / cpu(one, direction),
        1.25,
      ),
    ),
    atLeast(
      'Inbound rate of two workers, beside one process of bare Baileys',
      rate(Math.min(2, most)) / median(runs.map(({ bare }) => bare.inbound.perSecond)),
      1,
    ),
  ];
}

export function workersTable({ active, messages }: WorkersPlan, runs: WorkersRun[]): string {
  const row = (direction: Direction, name: string, of: (run: WorkersRun) => BareTraffic) => {
    const each = runs.map((run) => of(run)[direction]);
    const rates = spread(
      each.map(({ perSecond }) => perSecond),
      0,
    );
    const cpu = spread(
      each.map(({ cpuMs }) => cpuMs),
      2,
    );
    const told = each.flatMap(({ postgresMs }) => postgresMs ?? []);
    const postgres = told.length > 0 && !name.startsWith('bare') ? spread(told, 2) : '';
    return `| ${direction} | ${name} | ${rates} | ${cpu} | ${postgres} |`;
  };
  const rows = DIRECTIONS.flatMap((direction) => [
    ...(runs[0]?.byWorkers ?? []).map(({ workers }) =>
      row(direction, `${workers} and the API`, (run) => trafficOf(run, workers)),
    ),
    row(direction, 'bare Baileys, one process', ({ bare }) => bare),
  ]);
  return `## Messages through several processes, PostgreSQL

${active} busy sessions, ${messages} messages each in each direction, spread over worker processes; programs talk to one
more process that is the API alone. CPU is that of all these processes; PostgreSQL's is beside it. The machine's cores are
shared with PostgreSQL, the sandbox and the clients, so more processes give no more messages a second here: what
counts is that a message costs no more.

| direction | processes | messages/s | CPU ms for each | PostgreSQL's CPU ms for each |
| --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}

function trafficOf({ byWorkers }: WorkersRun, wanted: number): BareTraffic {
  const found = byWorkers.find(({ workers }) => workers === wanted);
  if (!found) throw new Error(`nothing was measured with ${wanted} workers`);
  return found.traffic;
}

function figures(
  runs: WorkersRun[],
  workers: number,
  direction: Direction,
  of: (traffic: BareTraffic[Direction]) => number,
): number[] {
  return runs.map((run) => of(trafficOf(run, workers)[direction]));
}

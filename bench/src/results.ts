import { loadavg } from 'node:os';
import { type Ceiling, measureCeiling } from '@patchbay/sandbox';
import type { Variant } from './bare/main.js';
import {
  type BareTraffic,
  bareTraffic,
  type DurablePlan,
  type ServerTraffic,
  serverTraffic,
} from './durable.js';
import { type EnginesPlan, type EnginesRun, measureEngines as runEngines } from './engines.js';
import type { House } from './house.js';
import {
  type KnowledgePlan,
  type KnowledgeSearchResult,
  searchKnowledge,
} from './knowledge-search.js';
import { type Latency, type LongChatPlan, readLongChat } from './long-chat.js';
import {
  type ManySessionsPlan,
  type ManySessionsResult,
  measureManySessions as runManySessions,
} from './many-sessions.js';
import { bareMemory, type MemoryPlan, type MemorySlope, serverMemory } from './memory.js';
import { bareOpening, type Opening, serverOpening, wantServerSessions } from './opening.js';
import { PagesHouse, type PagesPlan, type PagesRun } from './pages/pages.js';
import { bareInbound } from './throughput.js';
import { measureWorkers as runWorkers, type WorkersPlan, type WorkersRun } from './workers.js';

export interface Plan {
  /** Each figure is the median of so many runs. */
  runs: number;
  memory: MemoryPlan;
  /** Sessions that open at once. */
  opening: number;
  inbound: { sessions: number; messages: number };
  ceilingMessages: number;
  durable: DurablePlan;
  longChat: LongChatPlan;
  knowledge: KnowledgePlan;
  pages: PagesPlan;
  engines: EnginesPlan;
  manySessions: ManySessionsPlan;
  workers: WorkersPlan;
}

export const LONG: Plan = {
  runs: 3,
  memory: { few: 25, many: 200, idleMs: 3000, readings: 5 },
  opening: 100,
  inbound: { sessions: 20, messages: 500 },
  ceilingMessages: 20_000,
  durable: { active: 20, open: [20, 200], messages: 250, paced: 2000 },
  longChat: { messages: 500_000, requests: 31 },
  knowledge: { messages: 200_000, requests: 31 },
  pages: {
    chats: 2_000,
    long: 100_000,
    scrolled: 10_000,
    busy: { chats: 20, perSecond: 50, seconds: 10 },
  },
  engines: {
    memory: { few: 10, many: 60, idleMs: 2000, readings: 3 },
    browsers: 2,
    starts: 5,
  },
  manySessions: { sessions: 1000, idleMs: 3000, readings: 5, lookMs: 60_000 },
  workers: { active: 20, messages: 250, workers: [1, 2, 3] },
};

/** Shows that everything works; its figures are too noisy to judge by. */
export const SHORT: Plan = {
  runs: 1,
  memory: { few: 3, many: 12, idleMs: 300, readings: 3 },
  opening: 12,
  inbound: { sessions: 4, messages: 50 },
  ceilingMessages: 4000,
  durable: { active: 4, open: [4, 12], messages: 40, paced: 40 },
  longChat: { messages: 5_000, requests: 5 },
  knowledge: { messages: 2_000, requests: 5 },
  pages: { chats: 40, long: 600, scrolled: 300, busy: { chats: 4, perSecond: 20, seconds: 1 } },
  engines: { memory: { few: 1, many: 6, idleMs: 300, readings: 2 }, browsers: 1, starts: 2 },
  manySessions: { sessions: 12, idleMs: 300, readings: 2, lookMs: 1000 },
  workers: { active: 4, messages: 40, workers: [1, 2] },
};

export interface Results {
  memory: Record<'server' | Variant, MemorySlope[]>;
  opening: Record<'server' | Variant, Opening[]>;
  inbound: Record<Variant, number[]>;
  ceiling: Ceiling[];
  durable: DurableResult[];
  longChat: LongChatResult[];
  knowledge: KnowledgeSearchResult[];
  pages: PagesRun[];
  engines: EnginesRun[];
  manySessions: ManySessionsResult[];
  workers: WorkersRun[];
}

export type DatabaseKind = 'SQLite' | 'PostgreSQL';

/** The way of messages with so many sessions open, a figure for each run. */
export interface DurableResult {
  database: DatabaseKind;
  byOpen: { open: number; server: ServerTraffic[]; bare: BareTraffic[] }[];
}

export interface LongChatResult {
  database: DatabaseKind;
  latencies: Latency[];
}

export function nothingMeasured(): Results {
  return {
    memory: { server: [], hardened: [], plain: [] },
    opening: { server: [], hardened: [], plain: [] },
    inbound: { hardened: [], plain: [] },
    ceiling: [],
    durable: [],
    longChat: [],
    knowledge: [],
    pages: [],
    engines: [],
    manySessions: [],
    workers: [],
  };
}

type Say = (line: string) => void;

/*
 * What is compared is measured in turn within a run, not one after the other in blocks, so that a
 * busy moment of the machine hits all alike.
 */

export async function measureMemory(house: House, plan: Plan, { memory }: Results, say: Say) {
  for (let run = 1; run <= plan.runs; run++) {
    say(`memory, run ${run}`);
    memory.server.push(await serverMemory(house, plan.memory));
    memory.hardened.push(await bareMemory(house, 'hardened', plan.memory));
    memory.plain.push(await bareMemory(house, 'plain', plan.memory));
  }
}

export async function measureOpening(house: House, plan: Plan, { opening }: Results, say: Say) {
  await wantServerSessions(house, plan.opening, true);
  for (let run = 1; run <= plan.runs; run++) {
    say(`opening, run ${run}`);
    opening.server.push(await serverOpening(house, plan.opening));
    opening.hardened.push(await bareOpening(house, 'hardened', plan.opening));
    opening.plain.push(await bareOpening(house, 'plain', plan.opening));
  }
  await wantServerSessions(house, plan.opening, false);
}

export async function measureThroughput(house: House, plan: Plan, results: Results, say: Say) {
  const { sessions, messages } = plan.inbound;
  for (let run = 1; run <= plan.runs; run++) {
    say(`throughput, run ${run}`);
    results.inbound.hardened.push(await bareInbound(house, 'hardened', sessions, messages));
    results.inbound.plain.push(await bareInbound(house, 'plain', sessions, messages));
    results.ceiling.push(await measureCeiling(plan.ceilingMessages, sessions));
  }
}

export async function measureDurable(house: House, plan: Plan, results: Results, say: Say) {
  const database = databaseOf(house);
  const byOpen: DurableResult['byOpen'] = [];
  results.durable.push({ database, byOpen });
  for (const open of plan.durable.open) {
    const row = { open, server: [] as ServerTraffic[], bare: [] as BareTraffic[] };
    byOpen.push(row);
    for (let run = 1; run <= plan.runs; run++) {
      say(`messages with ${open} open sessions on ${database}, run ${run}`);
      row.server.push(await serverTraffic(house, plan.durable, open));
      row.bare.push(await bareTraffic(house, plan.durable, open));
    }
  }
}

const databaseOf = ({ databaseUrl }: House): DatabaseKind =>
  databaseUrl ? 'PostgreSQL' : 'SQLite';

export async function measureKnowledge(
  postgres: string | undefined,
  plan: Plan,
  results: Results,
  say: Say,
) {
  say(
    `searching among ${plan.knowledge.messages} messages on ${postgres ? 'PostgreSQL' : 'SQLite'}`,
  );
  results.knowledge.push(await searchKnowledge(plan.knowledge, postgres));
}

export async function measureLongChat(
  postgres: string | undefined,
  plan: Plan,
  results: Results,
  say: Say,
) {
  const database = postgres ? 'PostgreSQL' : 'SQLite';
  say(`a chat of ${plan.longChat.messages} messages on ${database}`);
  results.longChat.push({ database, latencies: await readLongChat(plan.longChat, postgres) });
}

export async function measureEngines(house: House, plan: Plan, { engines }: Results, say: Say) {
  for (let run = 1; run <= plan.runs; run++) {
    say(`engines, run ${run}; load average ${loadavg()[0]?.toFixed(1)}`);
    engines.push(await runEngines(house, plan.engines));
  }
}

export async function measureManySessions(
  house: House,
  plan: Plan,
  { manySessions }: Results,
  say: Say,
) {
  const database = databaseOf(house);
  say(`${plan.manySessions.sessions} sessions in one process on ${database}`);
  const runs = await runManySessions(house, plan.manySessions, plan.runs);
  manySessions.push({ database, runs });
}

export async function measureWorkers(house: House, plan: Plan, { workers }: Results, say: Say) {
  for (let run = 1; run <= plan.runs; run++) {
    say(`messages through several processes, run ${run}; load average ${loadavg()[0]?.toFixed(1)}`);
    workers.push(await runWorkers(house, plan.workers));
  }
}

export async function measurePages(plan: Plan, { pages }: Results, say: Say) {
  say(`pages with ${plan.pages.chats} chats`);
  const house = await PagesHouse.open(plan.pages);
  try {
    const load = () => `load average ${loadavg()[0]?.toFixed(1)}`;
    const quiet = [];
    for (let run = 1; run <= plan.runs; run++) {
      say(`pages, run ${run}; ${load()}`);
      quiet.push(await house.quiet());
    }
    for (const [index, figures] of quiet.entries()) {
      say(`pages under traffic, run ${index + 1}; ${load()}`);
      pages.push({ ...figures, busy: await house.busy() });
    }
  } finally {
    await house.close();
  }
}

import { availableParallelism, cpus } from 'node:os';
import {
  durableTables,
  durableVerdicts,
  longChatTable,
  longChatVerdicts,
} from './durable-report.js';
import { enginesTable } from './engines.js';
import { knowledgeTable, knowledgeVerdicts } from './knowledge-search.js';
import { manySessionsTable, manySessionsVerdicts } from './many-sessions.js';
import { median } from './median.js';
import { pagesTable, pagesVerdicts } from './pages/pages-report.js';
import type { Plan, Results } from './results.js';
import { atLeast, atMost, type Verdict } from './verdict.js';
import { workersTable, workersVerdicts } from './workers.js';

/** Goals of what was measured. */
export function verdictsOf(plan: Plan, results: Results): Verdict[] {
  const { memory, opening, inbound, ceiling, durable, longChat, knowledge, pages } = results;
  const rss = (slopes: { rss: number }[]) => slopes.map((slope) => slope.rss);
  const open = (openings: { open: number }[]) => openings.map((one) => one.open);
  const rates = (rows: { perSecond: number }[]) => rows.map(({ perSecond }) => perSecond);
  return [
    ...(memory.server.length
      ? [
          atMost(
            'Memory (RSS) for each idle session, beside bare Baileys',
            median(rss(memory.server)) / median(rss(memory.hardened)),
            1.5,
          ),
        ]
      : []),
    ...(opening.server.length
      ? [
          atMost(
            'Time to open registered sessions, beside bare Baileys',
            median(open(opening.server)) / median(open(opening.hardened)),
            2,
          ),
        ]
      : []),
    ...(ceiling.length
      ? [
          atLeast(
            "The sandbox's own ceiling, beside bare Baileys' inbound rate",
            median(rates(ceiling)) / median(inbound.hardened),
            2,
          ),
        ]
      : []),
    ...durable.flatMap(durableVerdicts),
    ...longChat.flatMap(longChatVerdicts),
    ...knowledge.flatMap(knowledgeVerdicts),
    ...pagesVerdicts(plan.pages, pages),
    ...results.manySessions.flatMap((one) => manySessionsVerdicts(plan.manySessions, one)),
    ...workersVerdicts(results.workers),
  ];
}

const KB = 1024;
const MB = KB * KB;

/** The parts of the report that were measured, in Markdown, each under a heading of its own. */
export function partsOf(plan: Plan, results: Results, at = new Date()): string[] {
  const { memory, opening, inbound, durable, longChat, knowledge, pages, engines } = results;
  const { manySessions, workers } = results;
  const date = at.toISOString().slice(0, 10);
  const machine = `${process.platform} ${process.arch}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()})`;
  const runs = plan.runs === 1 ? 'one run, too short to judge by' : `medians of ${plan.runs} runs`;
  const when = `*${date}, Node ${process.versions.node}, ${machine}; ${runs}.*`;
  const verdicts = verdictsOf(plan, results).map(
    ({ what, ratio, limit, kind, holds }) =>
      `| ${what} | ${ratio.toFixed(2)} | ${kind} ${limit} | ${holds ? 'yes' : '**no**'} |`,
  );
  const goals = `## Goals of the last run

${when}

| what | figure | goal | reached |
| --- | --- | --- | --- |
${verdicts.join('\n')}`;
  const parts = [
    ...(memory.server.length ? [memoryTable(plan, results)] : []),
    ...(opening.server.length ? [openingTable(plan, results)] : []),
    ...(inbound.hardened.length ? [throughputTable(plan, results)] : []),
    ...durable.map((one) => durableTables(plan.durable, one)),
    ...longChat.map((one) => longChatTable(plan.longChat, one)),
    ...knowledge.map((one) => knowledgeTable(plan.knowledge, one)),
    ...(pages.length ? [pagesTable(plan.pages, pages)] : []),
    ...(engines.length ? [enginesTable(plan.engines, engines)] : []),
    ...manySessions.map((one) => manySessionsTable(plan.manySessions, one)),
    ...(workers.length ? [workersTable(plan.workers, workers)] : []),
  ];
  return [
    ...(verdicts.length ? [goals] : []),
    ...parts.map((part) => part.replace('\n\n', `\n\n${when}\n\n`)),
  ];
}

/** The report with those of its parts replaced that were measured anew. */
export function updated(report: string, parts: string[]): string {
  const headingOf = (part: string) => part.slice(0, part.indexOf('\n'));
  const old = report.split(/\n(?=## )/).filter((part) => part.startsWith('## '));
  const all = new Map([...old, ...parts].map((part) => [headingOf(part), part.trimEnd()]));
  return `# Benchmarks

${howItIsMeasured()}

${[...all.values()].join('\n\n')}
`;
}

function howItIsMeasured(): string {
  return `Made by \`npm run bench\`; \`--only\` measures and replaces single parts. In brackets: lowest and
highest. Trust the ratios, not the absolute figures.

All of it runs against the sandbox, in a process of its own, on the same machine and in the
same run, one after the other. *Bare Baileys* is \`baileys\` with \`@patchbay/hardening\` and keys in
memory except prekeys, which the server does not hold in memory either: no database, no API, no
reconnecting. *Plain Baileys* is the npm package as it comes, prekeys in memory. The server is the whole
product as its users start it, with the embedded database, driven over HTTP.`;
}

function memoryTable(
  { memory: { few, many, idleMs, readings } }: Plan,
  { memory }: Results,
): string {
  const row = (name: string, runs: Results['memory']['server']) =>
    `| ${name} | ${spread(
      runs.map(({ rss }) => rss),
      KB,
    )} | ${spread(
      runs.map(({ heapUsed }) => heapUsed),
      KB,
    )} | ${spread(
      runs.map(({ total }) => total.rss),
      MB,
    )} |`;
  return `## Memory of idle linked sessions

Slope from ${few} to ${many} sessions, each number of them in a fresh process and idle for
${(idleMs * readings) / 1000} s; the lowest of ${readings} readings, each after a garbage collection.

| | RSS for each, KB | heap for each, KB | whole process with ${many}, MB |
| --- | --- | --- | --- |
${row('Patchbay', memory.server)}
${row('bare Baileys', memory.hardened)}
${row('plain Baileys', memory.plain)}`;
}

function openingTable(plan: Plan, { opening }: Results): string {
  const row = (name: string, runs: Results['opening']['server']) =>
    `| ${name} | ${spread(runs.map(({ open }) => open))} | ${spread(runs.map(({ total }) => total))} |`;
  return `## Opening ${plan.opening} registered sessions at once

From the first attempt (Patchbay: from its ready line) and from the start of the process until the last
session is open, in milliseconds.

| | opening, ms | with the start of the process, ms |
| --- | --- | --- |
${row('Patchbay', opening.server)}
${row('bare Baileys', opening.hardened)}
${row('plain Baileys', opening.plain)}`;
}

function throughputTable({ inbound: plan }: Plan, { inbound, ceiling }: Results): string {
  return `## Inbound messages a second

${plan.sessions} busy sessions in one process, ${plan.messages} messages for each, encrypted in advance,
at most 20 unreceipted for each session. The sandbox's ceiling is what it delivers to clients that
receipt without reading: it must not be what limits the others.

| | messages/s |
| --- | --- |
| bare Baileys | ${spread(inbound.hardened)} |
| plain Baileys | ${spread(inbound.plain)} |
| the sandbox's own ceiling | ${spread(ceiling.map(({ perSecond }) => perSecond))} |`;
}

function spread(values: number[], unit = 1): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map(
    (value) => Math.round(value / unit),
  );
  return values.length === 1 ? String(middle) : `${middle} (${low}..${high})`;
}

import { availableParallelism, cpus } from 'node:os';
import type { Plan, Results } from './results.js';

/** A figure of ours beside its yardstick, and what it may be at most or must be at least. */
export interface Verdict {
  what: string;
  ratio: number;
  limit: number;
  /** Whether the ratio may be `at most` or must be `at least` the limit. */
  kind: 'at most' | 'at least';
  holds: boolean;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function verdictsOf({ memory, opening, inbound, ceiling }: Results): Verdict[] {
  const of = (ours: number[], theirs: number[]) => median(ours) / median(theirs);
  const atMost = (what: string, ratio: number, limit: number): Verdict => ({
    what,
    ratio,
    limit,
    kind: 'at most',
    holds: ratio <= limit,
  });
  const ceilingRatio = of(
    ceiling.map(({ perSecond }) => perSecond),
    inbound.hardened,
  );
  return [
    atMost(
      'Memory (RSS) for each idle session, beside bare Baileys',
      of(
        memory.server.map(({ rss }) => rss),
        memory.hardened.map(({ rss }) => rss),
      ),
      1.5,
    ),
    atMost(
      'Time to open registered sessions, beside bare Baileys',
      of(
        opening.server.map(({ open }) => open),
        opening.hardened.map(({ open }) => open),
      ),
      2,
    ),
    {
      what: "The sandbox's own ceiling, beside bare Baileys' inbound rate",
      ratio: ceilingRatio,
      limit: 2,
      kind: 'at least',
      holds: ceilingRatio >= 2,
    },
  ];
}

const KB = 1024;
const MB = KB * KB;

/** The report, in Markdown. */
export function reportOf(plan: Plan, results: Results, at = new Date()): string {
  const verdicts = verdictsOf(results).map(
    ({ what, ratio, limit, kind, holds }) =>
      `| ${what} | ${ratio.toFixed(2)} | ${kind} ${limit} | ${holds ? 'yes' : '**no**'} |`,
  );
  return `# Benchmarks

Written by \`npm run bench\` on ${at.toISOString().slice(0, 10)}: Node ${process.versions.node},
${process.platform} ${process.arch}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}).
${plan.runs === 1 ? 'One run, too short to judge by.' : `Medians of ${plan.runs} runs, lowest and highest in brackets.`} Trust the ratios, not the absolute
figures.

| what | ratio | goal | reached |
| --- | --- | --- | --- |
${verdicts.join('\n')}

${howItIsMeasured()}

${memoryTable(plan, results)}

${openingTable(plan, results)}

${throughputTable(plan, results)}
`;
}

function howItIsMeasured(): string {
  return `All of it runs against the sandbox, in a process of its own, on the same machine and in the
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

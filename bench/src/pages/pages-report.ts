import { median } from '../median.js';
import { atMost, type Verdict } from '../verdict.js';
import type { PagesPlan, PagesRun } from './pages.js';

const KB = 1000;
const MB = 1_000_000;

interface Figure {
  what: string;
  of: (run: PagesRun) => number;
  goal?: number;
}

/** In kB, MB and milliseconds. */
function figures({ long, scrolled, busy }: PagesPlan): Figure[] {
  const typing = `while ${busy.perSecond} messages a second come in over ${busy.chats} chats`;
  const scrolling = `scrolling through ${scrolled.toLocaleString('en')} messages`;
  return [
    { what: 'initial JavaScript of /accounts, kB gzip', of: scripts('accounts'), goal: 200 },
    { what: 'initial JavaScript of /inbox, kB gzip', of: scripts('inbox'), goal: 200 },
    { what: '/accounts interactive, ms', of: (run) => run.accounts.interactive, goal: 1_000 },
    { what: '/inbox interactive, ms', of: (run) => run.inbox.interactive },
    {
      what: `first paint of a thread of ${long.toLocaleString('en')} messages, ms`,
      of: (run) => run.paint.pressed,
      goal: 300,
    },
    {
      what: 'the same, opened by its address with nothing cached, ms',
      of: (run) => run.paint.opened,
    },
    {
      what: `frame, 99th percentile, ${scrolling}, ms`,
      of: (run) => run.scrolling.frameP99,
      goal: 50,
    },
    { what: `longest frame, ${scrolling}, ms`, of: (run) => run.scrolling.longestFrame },
    {
      what: `growth of the heap, ${scrolling}, MB`,
      of: (run) => run.scrolling.heapGrowth / MB,
      goal: 5,
    },
    { what: 'heap after a tenth of that, MB', of: (run) => run.scrolling.heapBytes / MB },
    { what: `nodes that came, ${scrolling}`, of: (run) => run.scrolling.nodeGrowth },
    {
      what: `input delay, 99th percentile, ${typing}, ms`,
      of: (run) => run.busy.delayP99,
      goal: 100,
    },
    {
      what: `press of a key until its letter is painted, 99th percentile, ${typing}, ms`,
      of: (run) => run.busy.toPaintP99,
    },
    { what: `frame, 99th percentile, ${typing}, ms`, of: (run) => run.busy.frameP99 },
  ];
}

function scripts(page: 'accounts' | 'inbox') {
  return (run: PagesRun) => run[page].scriptBytes / KB;
}

export function pagesVerdicts(plan: PagesPlan, runs: PagesRun[]): Verdict[] {
  if (runs.length === 0) return [];
  return figures(plan).flatMap(({ what, of, goal }) =>
    goal === undefined ? [] : [atMost(`Pages: ${what}`, median(runs.map(of)), goal)],
  );
}

export function pagesTable(plan: PagesPlan, runs: PagesRun[]): string {
  const rows = figures(plan).map(({ what, of }) => `| ${what} | ${spread(runs.map(of))} |`);
  const [first] = runs;
  return `## Pages in Chromium

A production build, served by the whole server with ${plan.chats.toLocaleString('en')} chats, in Chromium without a
graphics card on the same machine, nothing in its cache. Initial JavaScript is what a page asks for
until it is interactive (${first?.accounts.scripts} files for /accounts, ${first?.inbox.scripts} for /inbox); interactive is when its
content is painted and no long task runs. The first paint of a thread counts from the press on its row.

| | |
| --- | --- |
${rows.join('\n')}`;
}

function spread(values: number[]): string {
  const shown = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(Math.abs(value) < 10 ? 1 : 0),
  );
  return values.length === 1 ? `${shown[0]}` : `${shown[0]} (${shown[1]}..${shown[2]})`;
}

import { readdirSync, readFileSync } from 'node:fs';

/** Memory (bytes, proportional set size) of a session that runs in a browser. */
export interface BrowserMemory {
  /** Of the Node process that drives it. */
  node: number;
  /** Of all its Chromium processes together. */
  chromium: number;
}

/** Each session that runs in a browser below a server. */
export function browserMemory(server: number): BrowserMemory[] {
  const all = running();
  const pages = all.filter(({ parent }) => parent === server);
  return pages.flatMap(({ pid: page }) => {
    // Chromium is the leader of its group, in which its helpers are.
    const browser = all.find(({ pid, parent, group }) => parent === page && group === pid);
    if (!browser) return [];
    const helpers = all.filter(({ group }) => group === browser.pid);
    const chromium = helpers.reduce((sum, { pid }) => sum + proportional(pid), 0);
    return [{ node: proportional(page), chromium }];
  });
}

/** What a process holds, and of what it shares with others its part. */
function proportional(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN) * 1024;
}

function running(): { pid: number; parent: number; group: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // After the name in brackets: state, parent, group.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, parent, group] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
        return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
      } catch {
        return [];
      }
    });
}

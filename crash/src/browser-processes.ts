import { readdirSync, readFileSync } from 'node:fs';

/** What runs for a session in a browser, below the server. */
export type BrowserPart = 'page' | 'browser' | 'renderer';

interface Running {
  pid: number;
  parent: number;
  group: number;
  command: string;
}

/** Ends a part of every session in a browser by SIGKILL; of a server that is gone nothing is left. */
export function killInBrowser(server: number | undefined, part: BrowserPart): void {
  if (server === undefined) return;
  for (const pid of partsOf(server)[part]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function partsOf(server: number): Record<BrowserPart, number[]> {
  const all = running();
  const pages = all.filter(({ parent }) => parent === server).map(({ pid }) => pid);
  // Chromium is the leader of its group, in which its helpers are.
  const browsers = all.filter(({ pid, parent, group }) => pages.includes(parent) && group === pid);
  const groups = browsers.map(({ pid }) => pid);
  const renderers = all.filter(
    ({ group, command }) => groups.includes(group) && command.includes('--type=renderer'),
  );
  return {
    page: browsers.map(({ parent }) => parent),
    browser: groups,
    renderer: renderers.map(({ pid }) => pid),
  };
}

/** All processes of the system, by /proc. */
function running(): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // After the name in brackets: state, parent, group.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, parent, group] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
      } catch {
        return [];
      }
    });
}

/** Where a group forwards to. */
export interface Edge {
  from: string;
  to: string;
}

/**
 * The first way by which a group would come back to itself with these edges added; undefined when
 * there is none. Its first and last are the same group.
 */
export function loopWith(existing: readonly Edge[], added: readonly Edge[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of [...existing, ...added]) {
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  for (const { from, to } of added) {
    const back = wayFrom(next, to, from);
    if (back) return [from, ...back];
  }
  return undefined;
}

/** Breadth first, so that the shortest is told. */
function wayFrom(next: Map<string, string[]>, start: string, goal: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === goal) return wayBack(cameFrom, at);
    for (const to of next.get(at) ?? []) {
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      queue.push(to);
    }
  }
  return undefined;
}

function wayBack(cameFrom: Map<string, string | undefined>, end: string): string[] {
  const way = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}

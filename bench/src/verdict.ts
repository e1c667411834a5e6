/** A figure of ours, often beside its yardstick, and what it may be at most or must be at least. */
export interface Verdict {
  what: string;
  ratio: number;
  limit: number;
  kind: 'at most' | 'at least';
  holds: boolean;
}

export function atMost(what: string, ratio: number, limit: number): Verdict {
  return { what, ratio, limit, kind: 'at most', holds: ratio <= limit };
}

export function atLeast(what: string, ratio: number, limit: number): Verdict {
  return { what, ratio, limit, kind: 'at least', holds: ratio >= limit };
}

/**
 * What a page shows, as its address says it: plain text both ways, so that somebody can write
 * `?chat=51987654321` by hand. (The router's own way reads digits as a number and loses the last
 * ones of a group's id.)
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** @returns with its question mark, or nothing */
export function stringifySearch(search: Record<string, unknown>): string {
  const told = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return told.length > 0 ? `?${new URLSearchParams(told)}` : '';
}

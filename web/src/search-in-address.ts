/**
 * What a page shows, as its address says it: plain text both ways, so that somebody can write
 * `?chat=51987654321` by hand. (The router's own way reads digits as a number and loses the last
 * ones of a group's id.)
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** What an address says, as `parseSearch` has read it, or as a link of the pages says it. */
export type SaidSearch = Readonly<Record<string, unknown>>;

/** @returns undefined for what says nothing */
export function text(said: unknown): string | undefined {
  return typeof said === 'string' && said ? said : undefined;
}

/** @returns undefined for what is none of these */
export function oneOf<Choice extends string>(
  said: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === said);
}

/** `?add=true`; what else it says counts for nothing. */
export function flag(said: unknown): true | undefined {
  return said === true || said === 'true' ? true : undefined;
}

/** @returns with its question mark, or nothing */
export function stringifySearch(search: Record<string, unknown>): string {
  const told = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return told.length > 0 ? `?${new URLSearchParams(told)}` : '';
}

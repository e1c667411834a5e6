/**
 * A part of the pages' code that did not come: the server is away, or it has a newer version, which no
 * longer has the files of the one that is open here.
 */
class MissingPart extends Error {}

/** What browsers say of an `import()` that failed on its way. */
const SAID = /dynamically imported module|module script failed/i;

export function isMissingPart(error: unknown): boolean {
  return error instanceof MissingPart || (error instanceof Error && SAID.test(error.message));
}

/** Makes of any failure to load a part one that `isMissingPart` knows. */
export function missing(cause: unknown): never {
  throw new MissingPart('A part of the pages could not be loaded', { cause });
}

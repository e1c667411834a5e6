import { ApiError } from './api-error.js';

type Part = string | number;
type PartOf<Kind> = Kind extends 'number' ? number : string;

/** A place in a list as an opaque text for the client to give back. */
export function encodeCursor(...parts: Part[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a cursor that we gave out; anything else is refused as `invalid_request`. */
export function decodeCursor<const Kinds extends readonly ('number' | 'string')[]>(
  cursor: string,
  kinds: Kinds,
): { [Index in keyof Kinds]: PartOf<Kinds[Index]> } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits =
      Array.isArray(parts) &&
      parts.length === kinds.length &&
      kinds.every((kind, index) => isPart(parts[index], kind));
    if (fits) return parts as unknown as { [Index in keyof Kinds]: PartOf<Kinds[Index]> };
  } catch {
    // Falls through to the same refusal as a cursor of the wrong shape.
  }
  throw new ApiError('invalid_request', 'The cursor is not one that this list gave out');
}

/** What a database takes: whole numbers, and text without NUL. */
function isPart(part: unknown, kind: 'number' | 'string'): boolean {
  if (kind === 'number') return Number.isSafeInteger(part);
  return typeof part === 'string' && !part.includes('\0');
}

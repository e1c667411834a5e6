import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ForeignAuth, UnusableAuth } from '../engines/engine-import.js';

/** A device of another program, and what it was called there. */
export interface FoundAuth {
  name: string;
  auth: ForeignAuth;
}

/** How deep below the folder that was named the folders of sessions may lie. */
const DEPTH = 2;

/**
 * The folders with a `creds.json`, as `useMultiFileAuthState` makes them: the one that was named, or
 * those below it, each a session. WAHA's engine NOWEB has them so, at `<folder>/noweb/<session>`, in
 * earlier versions with the MD5 of the name behind it.
 */
export function authFolders(folder: string): FoundAuth[] {
  const found = withCreds(folder, DEPTH);
  if (found.length === 0) {
    throw new UnusableAuth(
      `${folder}: there is no creds.json, here or in the folders below. Sessions that ran in a browser ` +
        'cannot be taken over.',
    );
  }
  return found.map((place) => ({
    name: basename(place).replace(/-[0-9a-f]{32}$/, ''),
    auth: { place, ...filesOf(place), named: 'as-files' },
  }));
}

/** The texts of a folder's files; the credentials are one of them, if they are there. */
export function filesOf(folder: string): { creds: string | undefined; keys: Map<string, string> } {
  const keys = new Map<string, string>();
  let creds: string | undefined;
  for (const file of entriesOf(folder)) {
    if (!file.isFile() || !file.name.endsWith('.json')) continue;
    const text = readFileSync(join(folder, file.name), 'utf8');
    if (file.name === 'creds.json') creds = text;
    else keys.set(file.name.slice(0, -'.json'.length), text);
  }
  return { creds, keys };
}

function withCreds(folder: string, depth: number): string[] {
  const entries = entriesOf(folder);
  if (entries.some(({ name }) => name === 'creds.json')) return [folder];
  if (depth === 0) return [];
  return entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => withCreds(join(folder, name), depth - 1))
    .sort();
}

function entriesOf(folder: string) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UnusableAuth(`${folder}: there is no such folder`);
  }
  return readdirSync(folder, { withFileTypes: true });
}

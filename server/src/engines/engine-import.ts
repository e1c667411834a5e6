import type { KeyEntry } from './engine.js';

/** Credentials and keys as another program has stored them: texts by their names there. */
export interface ForeignAuth {
  /** Where it was found, for people. */
  place: string;
  /** JSON; undefined: there are none. */
  creds: string | undefined;
  /** JSON by `<kind>-<id>`. */
  keys: ReadonlyMap<string, string>;
  /** Names of files cannot have all that an id has, and have something else in its place. */
  named: 'as-files' | 'as-they-are';
}

/** A linked device, ready to be stored. */
export interface ImportedAuth {
  jid: string;
  lid: string | undefined;
  /** As the owner of the number calls himself. */
  name: string | undefined;
  entries: KeyEntry[];
  /** Persons of whom both names are known, as jids. */
  mappings: { pn: string; lid: string }[];
  /** What was there and is no key. */
  leftOut: string[];
}

/** What was found is no linked device, or not all of one; the message says what is wrong, and where. */
export class UnusableAuth extends Error {}

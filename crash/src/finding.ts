import type { Cast } from './lanes.js';

export const FINDINGS = [
  'lost',
  'doubled',
  'out of order',
  'undecryptable',
  'wrong status',
  'not acknowledged',
  'refused',
  'not signed',
  'unwanted',
  'wrong knowledge',
  'double owner',
] as const;

/** Something that must not be. */
export interface Finding {
  kind: (typeof FINDINGS)[number];
  /** Who misses it or has it twice: a phone, a session, a reader. */
  who: string;
  /** Where that is seen. */
  where: string;
  /** The message's text, or the event. */
  what: string;
  detail: string;
}

/** What a library that gives no control of acknowledgements cannot exclude. */
const WITHOUT_ACK_CONTROL: readonly Finding['kind'][] = [
  'lost',
  'doubled',
  'out of order',
  'undecryptable',
];

/**
 * Whether it is in the log of the session in a browser alone, where it is reported and no failure.
 * What its sends do on phones is not forgiven: there they arrive, and once.
 */
export function isForgiven({ kind, who }: Finding, { browser, sessions }: Cast): boolean {
  if (browser === undefined || who !== sessions.get(browser)) return false;
  return WITHOUT_ACK_CONTROL.includes(kind);
}

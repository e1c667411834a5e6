export const FINDINGS = [
  'lost',
  'doubled',
  'out of order',
  'undecryptable',
  'wrong status',
  'not acknowledged',
  'refused',
  'not signed',
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

import type { DisconnectCause } from '../engines/engine-events.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Launches in a row that may fail before a person is asked. */
export const MOST_LAUNCHES = 5;

/**
 * First pause and longest pause by cause; between them it doubles. Only launches of a browser are
 * limited in number.
 */
const PAUSES: Partial<Record<DisconnectCause | 'stuck', { first: number; longest: number }>> = {
  transient: { first: SECOND, longest: MINUTE },
  stuck: { first: SECOND, longest: MINUTE },
  'qr-expired': { first: 5 * SECOND, longest: 10 * MINUTE },
  'launch-failed': { first: 2 * SECOND, longest: MINUTE },
  replaced: { first: MINUTE, longest: MINUTE },
  'client-outdated': { first: MINUTE, longest: HOUR },
  banned: { first: HOUR, longest: 24 * HOUR },
};

/**
 * Milliseconds to wait before try number `attempt` (1, 2, 3 ...): exponential, with jitter between
 * half and the whole, so that many sessions that fell together do not come back together.
 */
export function pauseBefore(
  cause: DisconnectCause | 'stuck',
  attempt: number,
  random: () => number = Math.random,
): number {
  const { first, longest } = PAUSES[cause] ?? { first: SECOND, longest: MINUTE };
  const full = Math.min(first * 2 ** Math.min(attempt - 1, 30), longest);
  return Math.round(full * (0.5 + random() / 2));
}

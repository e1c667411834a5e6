import type { CrashPoint } from './crash-points.js';
import type { Finding } from './finding.js';

/** A way in which the product keeps messages (server/src/unsafe.ts), and what happens without it. */
export interface Mechanism {
  name: string;
  /** Where a death does harm when it is off. */
  points: CrashPoint[];
  /** One of these must be found then. */
  harm: Finding['kind'][];
}

export const MECHANISMS: readonly Mechanism[] = [
  { name: 'outbox-ids', points: ['after-handed-over'], harm: ['doubled'] },
];

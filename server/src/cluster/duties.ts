import type { Leases } from './leases.js';

/** Of leases, what those need who do something that only one process does. */
export type Duties = Pick<Leases, 'contend' | 'release' | 'mine'>;

/** Of a process that does nothing of that kind. */
export const NO_DUTIES: Duties = {
  contend: async () => undefined,
  release: async () => undefined,
  mine: () => false,
};

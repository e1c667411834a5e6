import { describe } from 'vitest';
import { databases } from '../testing/databases.js';
import { severalProcesses } from './testing/several-processes.js';

describe.each(databases.filter((name) => name === 'postgres'))(
  'several processes on %s',
  (name) => {
    severalProcesses(name);
  },
);

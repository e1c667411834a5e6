import { describe } from 'vitest';
import { databases } from '../testing/databases.js';
import { rollingRestarts } from './testing/rolling-suite.js';

describe.each(databases.filter((name) => name === 'postgres'))('a cluster on %s', (name) => {
  rollingRestarts(name, { sessions: 3, rounds: 1 });
});

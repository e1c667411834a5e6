import { describe } from 'vitest';
import { databases } from '../testing/databases.js';
import { rollingRestarts } from './testing/rolling-suite.js';

describe.each(databases.filter((name) => name === 'postgres'))('a larger cluster on %s', (name) => {
  rollingRestarts(name, { sessions: 12, rounds: 3 });
});

import { describe, expect, it } from 'vitest';
import { type Finding, isForgiven } from './finding.js';
import type { Cast } from './lanes.js';

const cast: Cast = {
  sessions: new Map([
    ['99910', 'browser'],
    ['99911', 'wire'],
  ]),
  contacts: ['99920'],
  lanes: [],
  browser: '99910',
};
const found = (kind: Finding['kind'], who: string): Finding => ({
  ...{ kind, who, where: 'log', what: 'L000.00001', detail: '' },
});

describe('what is no failure', () => {
  it('is what the session in a browser lacks or has twice, and nothing of others', () => {
    expect(isForgiven(found('lost', 'browser'), cast)).toBe(true);
    expect(isForgiven(found('doubled', 'browser'), cast)).toBe(true);
    expect(isForgiven(found('lost', 'wire'), cast)).toBe(false);
    expect(isForgiven(found('lost', 'browser'), { ...cast, browser: '99911' })).toBe(false);
  });

  it('is not what became of its sends: on phones, in its ticks and in its outbox', () => {
    expect(isForgiven(found('doubled', '99920'), cast)).toBe(false);
    expect(isForgiven(found('lost', '99920'), cast)).toBe(false);
    expect(isForgiven(found('wrong status', 'browser'), cast)).toBe(false);
    expect(isForgiven(found('not acknowledged', 'browser'), cast)).toBe(false);
  });
});

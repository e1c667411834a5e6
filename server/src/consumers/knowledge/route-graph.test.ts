import { expect, it } from 'vitest';
import type { Edge } from './route-graph.js';
import { loopWith } from './route-graph.js';

const edges = (text: string): Edge[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map(([from = '', to = '']) => ({ from, to }));

it.each([
  ['', 'ab', undefined],
  ['', 'aa', ['a', 'a']],
  ['ab', 'ba', ['b', 'a', 'b']],
  ['ab bc cd', 'da', ['d', 'a', 'b', 'c', 'd']],
  ['ab ac', 'bd cd', undefined],
  ['bc', 'ab ac cd', undefined],
  ['bc', 'ab ca', ['a', 'b', 'c', 'a']],
])('with %s, adding %s', (existing, added, loop) => {
  expect(loopWith(edges(existing), edges(added))).toEqual(loop);
});

import { expect, it } from 'vitest';
import { called, withNames } from './called.js';

it('puts names where a text has the numbers of those it mentions', () => {
  const names = {
    '51987650001': 'Lucía',
    '77001122334455': '+51987650002',
    '88001122334455': null,
  };
  const text = '@51987650001 and @77001122334455, not @99999999 or a@51987650001b; @88001122334455';
  expect(withNames(text, names)).toBe(
    '@Lucía and @+51 987 650 002, not @99999999 or a@51987650001b; @Unknown number',
  );
  expect(withNames('Added: @51987650001', names, '')).toBe('Added: Lucía');
  expect(withNames(text, undefined)).toBe(text);
});

it('calls nobody by a jid', () => {
  expect(called('Ana')).toBe('Ana');
  expect(called('+51987650002')).toBe('+51 987 650 002');
  expect(called(null)).toBe('Unknown number');
});

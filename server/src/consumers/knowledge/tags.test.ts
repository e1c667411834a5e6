import { expect, it } from 'vitest';
import { tagsOf } from './tags.js';

it.each([
  ['#Hours and #hours', ['hours']],
  ['see (#stock), #price-list!', ['stock', 'price-list']],
  ['#promoção #توصيل #छूट #库存', ['promoção', 'توصيل', 'छूट', '库存']],
  ['ticket #4711 and a#b', []],
  ['&#39; https://x.example/#part', []],
  ['#2024plan', ['2024plan']],
])('%s', (text, tags) => {
  expect(tagsOf(text)).toEqual(tags);
});

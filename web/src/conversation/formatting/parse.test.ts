import { expect, test } from 'vitest';
import { type Block, type Inline, isFormatted, parseText } from './parse.js';

/** A short form: `<b>`, `<i>`, `<s>`, `<c>`, `[link]`, `@mention`. */
function shown(blocks: Block[]): string {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case 'pre':
          return `pre(${block.text})`;
        case 'list':
          return `${block.start ?? '-'}(${block.items.map(inline).join('|')})`;
        case 'quote':
          return `>(${inline(block.children)})`;
        default:
          return inline(block.children);
      }
    })
    .join('¶');
}

function inline(parts: Inline[]): string {
  const signs = { bold: 'b', italic: 'i', strike: 's' };
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'code') return `<c>${part.text}</c>`;
      if (part.kind === 'link') return `[${part.text}]`;
      if (part.kind === 'mention') return `@${part.user}!`;
      return `<${signs[part.kind]}>${inline(part.children)}</${signs[part.kind]}>`;
    })
    .join('');
}

test.each([
  ['plain words', 'plain words'],
  ['*bold*, _italic_, ~struck~', '<b>bold</b>, <i>italic</i>, <s>struck</s>'],
  ['*_both_ of them*', '<b><i>both</i> of them</b>'],
  ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
  ['* not bold *', '-(not bold *)'],
  ['**', '**'],
  ['*open', '*open'],
  ['*not\nacross*', '*not\nacross*'],
  ['(*bold*)', '(<b>bold</b>)'],
  ['`a*b*c` and *`x`*', '<c>a*b*c</c> and <b><c>x</c></b>'],
  ['~*_deep_*~', '<s><b><i>deep</i></b></s>'],
  ['*عريض* نص', '<b>عريض</b> نص'],
])('%s', (text, expected) => {
  expect(shown(parseText(text))).toBe(expected);
});

test.each([
  ['> said\n> twice\nmine', '>(said\ntwice)¶mine'],
  ['- one\n- *two*\nend', '-(one|<b>two</b>)¶end'],
  ['3. three\n4. four', '3(three|four)'],
  ['-none', '-none'],
  ['see\n```\nlet a = *1*;\n\nb\n```\ndone', 'see¶pre(let a = *1*;\n\nb)¶done'],
  ['a\n\nb', 'a\n\nb'],
  ['``` ', '``` '],
])('blocks: %s', (text, expected) => {
  expect(shown(parseText(text))).toBe(expected);
});

test.each([
  ['at https://example.org/a_b_c?d=*e* now', 'at [https://example.org/a_b_c?d=*e]* now'],
  ['(see https://example.org/x).', '(see [https://example.org/x]).'],
  [
    'https://en.wikipedia.org/wiki/Fish_(disambiguation)',
    '[https://en.wikipedia.org/wiki/Fish_(disambiguation)]',
  ],
  ['www.example.org, or me@example.org!', '[www.example.org], or [me@example.org]!'],
  ['*https://example.org*', '<b>[https://example.org]</b>'],
  ['xhttps://example.org javascript:alert(1)', 'xhttps://example.org javascript:alert(1)'],
])('links: %s', (text, expected) => {
  expect(shown(parseText(text))).toBe(expected);
});

test('only those are mentioned whom the message names', () => {
  const text = 'ask @51999111222 or @51999111333';
  expect(shown(parseText(text, new Set(['51999111222'])))).toBe(
    'ask @51999111222! or @51999111333',
  );
});

test('whether a text is formatted', () => {
  expect(isFormatted(parseText('see https://example.org'))).toBe(false);
  expect(isFormatted(parseText('a _b_'))).toBe(true);
  expect(isFormatted(parseText('- a'))).toBe(true);
});

test('long texts full of marks are read in time', () => {
  const began = performance.now();
  for (const text of ['*( ', '_a ', '~*_', '`', '*a* ', 'a@', 'www.']) {
    parseText(`${text.repeat(65_536 / text.length)}\n`);
  }
  expect(performance.now() - began).toBeLessThan(5_000);
});

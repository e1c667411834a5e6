import { expect, test } from 'vitest';
import { continueLine, type Edit, toggleLines, toggleMark } from './editing.js';

/** `[` and `]` are the ends of the selection. */
function state(marked: string): [string, number, number] {
  const start = marked.indexOf('[');
  return [marked.replace(/[[\]]/g, ''), start, marked.indexOf(']') - 1];
}

function after(value: string, { from, to, text, selectFrom, selectTo }: Edit): string {
  const changed = value.slice(0, from) + text + value.slice(to);
  return `${changed.slice(0, selectFrom)}[${changed.slice(selectFrom, selectTo)}]${changed.slice(selectTo)}`;
}

test.each([
  ['a [word] here', 'a *[word]* here'],
  ['a *[word]* here', 'a [word] here'],
  ['a [*word*] here', 'a [word] here'],
  ['a [word ]here', 'a *[word]* here'],
  ['a [] b', 'a *[]* b'],
])('bold: %s', (before, expected) => {
  const [value, start, end] = state(before);
  expect(after(value, toggleMark(value, start, end, 'bold'))).toBe(expected);
});

test.each([
  ['[one\ntwo]\nthree', '[- one\n- two]\nthree'],
  ['[- one\n- two]', '[one\ntwo]'],
  ['on[]e', '- one[]'],
])('lists: %s', (before, expected) => {
  const [value, start, end] = state(before);
  expect(after(value, toggleLines(value, start, end, 'bullets'))).toBe(expected);
});

test.each([
  ['- one', '- one\n- []'],
  ['2. two', '2. two\n3. []'],
  ['> said', '> said\n> []'],
  ['- one\n- ', '- one\n[]'],
])('a new line after %s', (value, expected) => {
  const edit = continueLine(value, value.length);
  expect(edit && after(value, edit)).toBe(expected);
});

test('an ordinary line goes on as one', () => {
  expect(continueLine('words', 5)).toBe(null);
  expect(continueLine('-words', 6)).toBe(null);
});

import { type Link, linkAt } from './links.js';

/** What stands within a line. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'mention'; user: string }
  | ({ kind: 'link' } & Link);

/** Lines that belong together. */
export type Block =
  | { kind: 'paragraph' | 'quote'; children: Inline[] }
  | { kind: 'list'; start: number | null; items: Inline[][] }
  | { kind: 'pre'; text: string };

const FENCE = /```(?=[^`])([\s\S]*?[^`])```/g;
const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Reads a text as WhatsApp's clients do: `*bold*`, `_italic_`, `~strike~`, `` `code` ``, fenced
 * blocks, `- ` and `1. ` lists, `> ` quotes, links, and `@` with the numbers of those it mentions.
 * @param mentions user parts of jids that the text may name; others stay text
 */
export function parseText(text: string, mentions: ReadonlySet<string> = new Set()): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    readLines(text.slice(from, fence.index).replace(/\n$/, ''), mentions, blocks);
    blocks.push({ kind: 'pre', text: (fence[1] ?? '').replace(/^\n|\n$/g, '') });
    from = fence.index + fence[0].length;
  }
  readLines(from > 0 ? text.slice(from).replace(/^\n/, '') : text, mentions, blocks);
  return blocks;
}

/** Whether it would look different from how it is typed, links aside. */
export function isFormatted(blocks: Block[]): boolean {
  const marked = (each: Inline) => each.kind in { bold: 1, italic: 1, strike: 1, code: 1 };
  return blocks.some((block) => block.kind !== 'paragraph' || block.children.some(marked));
}

type Line = { kind: 'paragraph' | 'quote' | 'bullet' | 'number'; text: string; number: number };

function lineOf(text: string): Line {
  const [, sign, said] = /^\s{0,3}(>|[-*]|\d{1,3}\.)\s(.*\S.*)$/.exec(text) ?? [];
  if (sign === undefined || said === undefined) return { kind: 'paragraph', text, number: 0 };
  if (sign === '>') return { kind: 'quote', text: said, number: 0 };
  if (sign === '-' || sign === '*') return { kind: 'bullet', text: said, number: 0 };
  return { kind: 'number', text: said, number: Number.parseInt(sign, 10) };
}

function readLines(text: string, mentions: ReadonlySet<string>, blocks: Block[]): void {
  if (text === '') return;
  const lines = text.split('\n').map(lineOf);
  for (let at = 0; at < lines.length; ) {
    const { kind, number } = lines[at] as Line;
    let end = at + 1;
    while (lines[end]?.kind === kind) end += 1;
    const said = lines.slice(at, end).map((line) => line.text);
    if (kind === 'paragraph' || kind === 'quote') {
      blocks.push({ kind, children: parseInline(said.join('\n'), mentions) });
    } else {
      const items = said.map((item) => parseInline(item, mentions));
      blocks.push({ kind: 'list', start: kind === 'number' ? number : null, items });
    }
    at = end;
  }
}

function parseInline(text: string, mentions: ReadonlySet<string>): Inline[] {
  const parts: Inline[] = [];
  // A mark without an end has none further on in its line: searching again would take for ever.
  const endless = new Map<string, number>();
  let plain = '';
  const add = (part: Inline) => {
    if (plain) parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push(part);
  };
  for (let at = 0; at < text.length; ) {
    const found = specialAt(text, at, mentions, endless);
    if (found) add(found.part);
    else plain += text[at];
    at += found?.length ?? 1;
  }
  if (plain) parts.push({ kind: 'text', text: plain });
  return parts;
}

interface Found {
  part: Inline;
  length: number;
}

function specialAt(
  text: string,
  at: number,
  mentions: ReadonlySet<string>,
  endless: Map<string, number>,
): Found | null {
  const sign = text[at] as string;
  if (sign === '`') {
    const end = text.indexOf('`', at + 1);
    const code = text.slice(at + 1, end);
    if (end < 0 || code.trim() === '' || code.includes('\n')) return null;
    return { part: { kind: 'code', text: code }, length: code.length + 2 };
  }
  if (LETTER.test(text[at - 1] ?? '')) return null;
  if (sign === '@') {
    const user = /^\d{5,20}/.exec(text.slice(at + 1, at + 22))?.[0] ?? '';
    return mentions.has(user) ? { part: { kind: 'mention', user }, length: user.length + 1 } : null;
  }
  if (!(sign in MARKS)) {
    const link = linkAt(text, at);
    return link && { part: { kind: 'link', ...link }, length: link.text.length };
  }
  if (at < (endless.get(sign) ?? 0) || /\s/.test(text[at + 1] ?? ' ') || text[at + 1] === sign) {
    return null;
  }
  const end = endOf(text, at, sign);
  if (text[end] !== sign) {
    endless.set(sign, end);
    return null;
  }
  const kind = MARKS[sign as keyof typeof MARKS];
  const children = parseInline(text.slice(at + 1, end), mentions);
  return { part: { kind, children }, length: end - at + 1 };
}

/** Where a mark closes, or else where its line ends. */
function endOf(text: string, at: number, sign: string): number {
  let end = at + 2;
  for (; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] !== sign || /\s/.test(text[end - 1] as string)) continue;
    if (!LETTER.test(text[end + 1] ?? '')) break;
  }
  return end;
}

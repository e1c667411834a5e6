/** What the formatting buttons and keys do to a text. */
export type Mark = 'bold' | 'italic' | 'strike' | 'code';
export type LineMark = 'bullets' | 'numbers' | 'quote';

const SIGNS: Record<Mark, string> = { bold: '*', italic: '_', strike: '~', code: '`' };

/** One replacement in a text, and what is selected after it. */
export interface Edit {
  from: number;
  to: number;
  text: string;
  selectFrom: number;
  selectTo: number;
}

/** Puts marks around what is selected, or takes them off when they are there. */
export function toggleMark(value: string, start: number, end: number, mark: Mark): Edit {
  const sign = SIGNS[mark];
  const selected = value.slice(start, end);
  // A mark holds only next to what it marks.
  const before = /^\s*/.exec(selected)?.[0].length ?? 0;
  const after = selected.trim() === '' ? 0 : (/\s*$/.exec(selected)?.[0].length ?? 0);
  const from = selected.trim() === '' ? start : start + before;
  const to = end - after;
  const inner = value.slice(from, to);
  if (value[from - 1] === sign && value[to] === sign) {
    const text = inner;
    return { from: from - 1, to: to + 1, text, selectFrom: from - 1, selectTo: to - 1 };
  }
  if (inner.length > 2 && inner.startsWith(sign) && inner.endsWith(sign)) {
    return { from, to, text: inner.slice(1, -1), selectFrom: from, selectTo: to - 2 };
  }
  return { from, to, text: sign + inner + sign, selectFrom: from + 1, selectTo: to + 1 };
}

const LINE: Record<LineMark, { is: RegExp; of: (index: number) => string }> = {
  bullets: { is: /^[-*] /, of: () => '- ' },
  numbers: { is: /^\d{1,3}\. /, of: (index) => `${index + 1}. ` },
  quote: { is: /^> /, of: () => '> ' },
};

/** Begins each selected line as a list or quote, or takes that off when all have it. */
export function toggleLines(value: string, start: number, end: number, mark: LineMark): Edit {
  const from = value.lastIndexOf('\n', start - 1) + 1;
  const stop = value.indexOf('\n', end);
  const to = stop < 0 ? value.length : stop;
  const { is, of } = LINE[mark];
  const lines = value.slice(from, to).split('\n');
  const all = lines.every((line) => is.test(line));
  const text = lines
    .map((line, index) => (all ? line.replace(is, '') : of(index) + line.replace(is, '')))
    .join('\n');
  const single = start === end;
  const selectTo = from + text.length;
  return { from, to, text, selectFrom: single ? selectTo : from, selectTo };
}

/** In a list or quote, a new line goes on with it; an empty item ends it. Null: an ordinary line. */
export function continueLine(value: string, caret: number): Edit | null {
  const from = value.lastIndexOf('\n', caret - 1) + 1;
  const line = value.slice(from, caret);
  const [start, , number] = /^(?:([-*>])|(\d{1,3})\.) /.exec(line) ?? [];
  if (start === undefined) return null;
  if (line.slice(start.length).trim() === '') {
    return { from, to: caret, text: '', selectFrom: from, selectTo: from };
  }
  const next = number === undefined ? start : `${Number(number) + 1}. `;
  const at = caret + 1 + next.length;
  return { from: caret, to: caret, text: `\n${next}`, selectFrom: at, selectTo: at };
}

/**
 * Makes an edit in a field as if it was typed, so that the browser can take it back; the field's
 * input event follows.
 */
export function applyEdit(field: HTMLTextAreaElement, edit: Edit): void {
  field.focus();
  field.setSelectionRange(edit.from, edit.to);
  const typed =
    edit.text === ''
      ? document.execCommand('delete')
      : document.execCommand('insertText', false, edit.text);
  if (!typed) {
    field.setRangeText(edit.text, edit.from, edit.to, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  field.setSelectionRange(edit.selectFrom, edit.selectTo);
}

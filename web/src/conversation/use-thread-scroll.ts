import type { Message } from '@patchbay/contract';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ThreadRow } from './thread-rows.js';
import type { Further } from './use-messages.js';

/** Further from the end than this, the newest message counts as out of sight (px). */
const NEAR_END = 80;
/** More is asked for when this much is left in its direction (px). */
const NEAR_EDGE = 1_200;
/** How long a message that somebody jumped to stands out (ms). */
const POINTED = 2_000;

interface ScrollOptions {
  rows: ThreadRow[];
  messages: Message[];
  older: Further;
  newer: Further;
  target: { id: string } | null;
  unreadFrom: string | undefined;
}

/** Where a thread stands: at its end until somebody leaves it, then at what is being read. */
export function useThreadScroll(options: ScrollOptions) {
  const { rows, messages, older, newer, target, unreadFrom } = options;
  const handle = useRef<VirtualizerHandle>(null);
  const atEnd = useRef(!target && !unreadFrom);
  const offset = useRef(0);
  const newest = messages.at(-1)?.id ?? '';
  /** The newest message that was seen, while the end is out of sight. */
  const [since, setSince] = useState<string | null>(null);
  const [pointedAt, setPointedAt] = useState<string | null>(null);
  const last = rows.length - 1;

  const toEnd = () => {
    atEnd.current = true;
    handle.current?.scrollToIndex(last, { align: 'end' });
  };

  const loadNear = () => {
    const view = handle.current;
    if (!view) return;
    const below = view.scrollSize - view.scrollOffset - view.viewportSize;
    // On its way to the end: what is above is not wanted yet.
    if (atEnd.current && below > NEAR_END && !newer.exists) return;
    if (view.scrollOffset < NEAR_EDGE && isFree(older)) older.load();
    else if (below < NEAR_EDGE && isFree(newer)) newer.load();
  };

  const onScroll = () => {
    const view = handle.current;
    if (!view) return;
    const below = view.scrollSize - view.scrollOffset - view.viewportSize;
    // A row that has just come may grow when it is drawn: only going up leaves the end.
    const up = view.scrollOffset < offset.current;
    offset.current = view.scrollOffset;
    if (below < NEAR_END) atEnd.current = true;
    else if (up) atEnd.current = false;
    setSince((current) => (atEnd.current && !newer.exists ? null : (current ?? newest)));
    loadNear();
  };

  // Where it opens, and each new target. A target that is not held comes with rows of its own.
  const shown = useRef<object | null>(null);
  useLayoutEffect(() => {
    const goal = target ?? OPENING;
    if (shown.current === goal || rows.length <= 2) return;
    const index = target
      ? rows.findIndex((row) => row.kind === 'message' && row.message.id === target.id)
      : rows.findIndex((row) => row.kind === 'unread');
    if (target && index < 0) return;
    const opened = shown.current !== null;
    shown.current = goal;
    if (!target && opened) return;
    atEnd.current = index < 0;
    if (index < 0) handle.current?.scrollToIndex(last, { align: 'end' });
    else handle.current?.scrollToIndex(index, { align: target ? 'center' : 'start' });
    if (target) setPointedAt(target.id);
  }, [target, rows, last]);

  useEffect(() => {
    if (!pointedAt) return;
    const timer = setTimeout(() => setPointedAt(null), POINTED);
    return () => clearTimeout(timer);
  }, [pointedAt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the rows change
  useLayoutEffect(() => {
    if (atEnd.current && shown.current) handle.current?.scrollToIndex(last, { align: 'end' });
  }, [rows]);

  // A short page may leave the edge in sight, where nobody can scroll.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever a page has come
  useEffect(loadNear, [rows, older.loading, newer.loading]);

  const onResize = () => {
    const view = handle.current;
    // Opened at what is unread, and all of it fits: the end is in sight.
    if (view && view.scrollSize - view.scrollOffset - view.viewportSize < NEAR_END)
      atEnd.current = true;
    if (atEnd.current) handle.current?.scrollToIndex(last, { align: 'end' });
  };
  const index = since === null ? -1 : messages.findIndex((message) => message.id === since);
  return {
    handle,
    shift: useGrewAtStart(rows),
    away: since !== null,
    fresh: index < 0 || newer.exists ? 0 : messages.length - 1 - index,
    pointedAt,
    onScroll,
    onResize,
    toEnd,
  };
}

const OPENING = {};

function isFree({ exists, loading, failed }: Further): boolean {
  return exists && !loading && !failed;
}

/** Whether rows have come or gone at the beginning: then the distance to the end is what stays. */
function useGrewAtStart(rows: ThreadRow[]): boolean {
  const before = useRef(rows);
  useLayoutEffect(() => {
    before.current = rows;
  });
  const first = firstMessage(rows);
  const formerly = firstMessage(before.current);
  return first !== undefined && formerly !== undefined && first !== formerly;
}

function firstMessage(rows: ThreadRow[]): string | undefined {
  return rows.find((row) => row.kind === 'message')?.key;
}

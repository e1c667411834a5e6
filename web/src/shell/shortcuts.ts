import { useEffect, useRef } from 'react';
import { isBoolean, kept } from '../kept.js';

export interface Shortcut {
  /** As `KeyboardEvent.key` says it; `Mod k` with Ctrl or Cmd, `g i` one after the other. */
  keys: string;
  label: string;
  run: () => void;
  /** Works while somebody writes, too. */
  whileWriting?: boolean;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: Shortcut[];
}

/** Single letters can be turned off: speech input and some aids of the hand press them by accident. */
export const singleKeys = kept('patchbay-single-keys', isBoolean, true);

const groups = new Set<{ current: ShortcutGroup }>();
/** The second key of a pair has to come within this time. */
const PAIR_MS = 1_500;

/** What can be pressed while the caller is on the page; a later group goes before an earlier one. */
export function useShortcuts(title: string, shortcuts: Shortcut[]): void {
  const group = useRef<ShortcutGroup>({ title, shortcuts });
  useEffect(() => {
    group.current = { title, shortcuts };
  });
  useEffect(() => {
    groups.add(group);
    return () => void groups.delete(group);
  }, []);
}

export function shownShortcuts(): ShortcutGroup[] {
  return [...groups].map(({ current }) => current);
}

/** The page's one listener for shortcuts. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (!key) return;
      const pair = first && event.timeStamp - first.at < PAIR_MS ? `${first.key} ${key}` : null;
      first = null;
      const known = [...groups].toReversed().flatMap(({ current }) => current.shortcuts);
      const writing = isWriting(event.target);
      const may = (each: Shortcut) =>
        (!writing || each.whileWriting) && (singleKeys.get() || !isSingle(each.keys));
      const found =
        known.find((each) => each.keys === pair && may(each)) ??
        known.find((each) => each.keys === key && may(each));
      if (found) {
        event.preventDefault();
        found.run();
      } else if (known.some((each) => each.keys.startsWith(`${key} `) && may(each))) {
        first = { key, at: event.timeStamp };
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Null for keys that belong to somebody else: a menu, a dialog, an input method, the browser. */
function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.isComposing || event.altKey) return null;
  const { target, key } = event;
  const mod = event.ctrlKey || event.metaKey;
  if (target instanceof Element && target.closest('dialog, [role=menu], [role=dialog]'))
    return null;
  return mod ? `Mod ${key.toLowerCase()}` : key;
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !/^(checkbox|radio|range|button)$/.test(target.type);
  return target.isContentEditable || target.matches('textarea, select');
}

/** `Escape` and what needs Ctrl are no letters that somebody presses by accident. */
function isSingle(keys: string): boolean {
  return keys !== 'Escape' && !keys.startsWith('Mod ');
}

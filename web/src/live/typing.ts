import type { PassingEvent } from '@patchbay/contract';
import { useSyncExternalStore } from 'react';

/** Who typed this long ago has stopped, or we would have heard again (ms). */
const STOPPED_AFTER = 15_000;

export type Typing = 'composing' | 'recording';

const states = new Map<string, { typing: Typing; timer: ReturnType<typeof setTimeout> }>();
const listeners = new Set<() => void>();

/** Takes note of who types; it is told once and kept nowhere. */
export function applyTyping(event: PassingEvent): void {
  if (event.name !== 'typing') return;
  const { chatId, state } = event.data;
  const key = `${event.sessionId}/${chatId}`;
  clearTimeout(states.get(key)?.timer);
  if (state === 'paused') states.delete(key);
  else {
    const timer = setTimeout(() => forget(key), STOPPED_AFTER);
    states.set(key, { typing: state, timer });
  }
  for (const listener of listeners) listener();
}

/** A message has come: whoever wrote it has stopped typing. */
export function stopTyping(sessionId: string, chatId: string): void {
  forget(`${sessionId}/${chatId}`);
}

function forget(key: string): void {
  clearTimeout(states.get(key)?.timer);
  if (!states.delete(key)) return;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What somebody does in a chat right now. */
export function useTyping(sessionId: string, chatId: string): Typing | null {
  return useSyncExternalStore(
    subscribe,
    () => states.get(`${sessionId}/${chatId}`)?.typing ?? null,
  );
}

import type { PassingEvent, Viewer } from '@patchbay/contract';
import { useSyncExternalStore } from 'react';

const NOBODY: Viewer[] = [];
let chats = new Map<string, Viewer[]>();
const listeners = new Set<() => void>();

/** Takes note of who of the team has which chat open. */
export function applyViewers(event: PassingEvent): void {
  if (event.name !== 'chat.viewers') return;
  const { chatId, viewers } = event.data;
  chats.set(`${event.sessionId}/${chatId}`, viewers);
  tell();
}

/** Without a connection nobody knows. */
export function forgetViewers(): void {
  chats = new Map();
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Everybody of the team who has a chat open, also we. */
export function useViewers(sessionId: string, chatId: string): Viewer[] {
  return useSyncExternalStore(subscribe, () => chats.get(`${sessionId}/${chatId}`) ?? NOBODY);
}

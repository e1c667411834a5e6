import { useMemo, useSyncExternalStore } from 'react';
import { type PendingSend, unsent } from './sending/unsent.js';
import type { Outgoing } from './sending/wish.js';

/**
 * Sending never waits and never loses text: each message is written down and shown at once, those of
 * a chat leave one after the other, and a refused one stays with its reason until it is sent again
 * or discarded.
 */
export function useSend(sessionId: string): {
  send: (outgoing: Outgoing, at?: number) => void;
  pending: PendingSend[];
} {
  const all = useSyncExternalStore(unsent.subscribe, unsent.snapshot);
  const pending = useMemo(
    () => all.filter((each) => each.sessionId === sessionId),
    [all, sessionId],
  );
  const send = (outgoing: Outgoing, at?: number) => void unsent.add(sessionId, outgoing, at);
  return { send, pending };
}

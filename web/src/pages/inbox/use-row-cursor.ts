import type { Chat } from '@patchbay/contract';
import { useCallback, useState } from 'react';
import { keyOf } from './use-chat-list.js';

/** Where the keyboard is in the list. */
export interface RowCursor {
  key: string | undefined;
  /** Grows with each move by keys: the row then takes the focus. */
  moves: number;
  set: (key: string) => void;
  /** To the next (1) or previous (-1) row, or onto the row where it stands (0). */
  move: (step: -1 | 0 | 1) => void;
}

/** Begins at the chat that is open. */
export function useRowCursor(chats: Chat[], open: string | undefined): RowCursor {
  const [state, setState] = useState({ key: open, moves: 0 });
  const key = state.key ?? open;
  const set = useCallback(
    (to: string) => setState((before) => (before.key === to ? before : { ...before, key: to })),
    [],
  );
  const move = (step: -1 | 0 | 1) => {
    const at = chats.findIndex((chat) => keyOf(chat) === key);
    const to = chats[at < 0 ? 0 : Math.min(chats.length - 1, Math.max(0, at + step))];
    if (to) setState(({ moves }) => ({ key: keyOf(to), moves: moves + 1 }));
  };
  return { key, moves: state.moves, set, move };
}

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

/** Goes to the chat that is opened, by whatever way. */
export function useRowCursor(chats: Chat[], open: string | undefined): RowCursor {
  const [state, setState] = useState({ key: open, open, moves: 0 });
  if (state.open !== open) setState({ ...state, open, key: open ?? state.key });
  const { key } = state;
  const set = useCallback(
    (to: string) => setState((before) => (before.key === to ? before : { ...before, key: to })),
    [],
  );
  const move = (step: -1 | 0 | 1) => {
    const at = chats.findIndex((chat) => keyOf(chat) === key);
    const to = chats[at < 0 ? 0 : Math.min(chats.length - 1, Math.max(0, at + step))];
    if (to) setState((before) => ({ ...before, key: keyOf(to), moves: before.moves + 1 }));
  };
  return { key, moves: state.moves, set, move };
}

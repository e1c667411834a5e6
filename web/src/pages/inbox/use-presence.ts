import type { Chat } from '@patchbay/contract';
import { useEffect, useRef } from 'react';
import { useSay } from '../../live/live.js';

/** The server forgets that somebody writes after 6 s (ms). */
const WRITES_AGAIN = 4_000;

/**
 * Lets the others of the team know that this chat is open here.
 * @returns to be called with every key that writes in it
 */
export function usePresence({ sessionId, id: chatId }: Chat): () => void {
  const say = useSay();
  const toldAt = useRef(0);
  useEffect(() => {
    const tell = () =>
      document.hidden ? say({ type: 'leaving' }) : say({ type: 'viewing', sessionId, chatId });
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => {
      document.removeEventListener('visibilitychange', tell);
      say({ type: 'leaving' });
    };
  }, [say, sessionId, chatId]);
  return () => {
    if (Date.now() - toldAt.current < WRITES_AGAIN) return;
    toldAt.current = Date.now();
    say({ type: 'typing', sessionId, chatId });
  };
}

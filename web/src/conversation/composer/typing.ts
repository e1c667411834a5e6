import { useEffect, useRef } from 'react';
import { showTyping } from '../../api/commands.js';

type State = 'composing' | 'recording' | 'paused';

/** WhatsApp takes the sign away by itself after some seconds, so it is renewed while it is true (ms). */
const RENEW_AFTER = 8_000;
const PAUSED_AFTER = 4_000;

/**
 * Tells the chat that somebody types or records here: once at the beginning, every few seconds while
 * it goes on, and when it ends. Nobody waits for it, and nobody misses it when it fails.
 */
export function useTyping(sessionId: string, chatId: string | undefined, connected: boolean) {
  const told = useRef<{ state: State; at: number }>({ state: 'paused', at: 0 });
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = (state: State) => {
    clearTimeout(idle.current);
    if (!chatId || !connected) return;
    if (state === 'composing') idle.current = setTimeout(() => tell('paused'), PAUSED_AFTER);
    const { current } = told;
    const fresh = state === 'paused' || Date.now() - current.at < RENEW_AFTER;
    if (current.state === state && fresh) return;
    told.current = { state, at: Date.now() };
    showTyping(sessionId, chatId, state).catch(() => undefined);
  };
  const latest = useRef(tell);
  latest.current = tell;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever turns to another chat has stopped in this one
  useEffect(() => {
    const stop = latest.current;
    return () => stop('paused');
  }, [sessionId, chatId]);
  return tell;
}

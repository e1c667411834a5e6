import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { applyEvent } from './apply-event.js';
import { applyToInbox } from './apply-inbox.js';
import { type LiveStatus, openEventStream } from './event-stream.js';
import { applyTyping } from './typing.js';

const Live = createContext<LiveStatus>('connecting');
const POLL_MS = 5_000;

/** Keeps everything below it current: by the event stream, or by asking every 5 s without one. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>('connecting');

  useEffect(() => {
    const refresh = () => void cache.invalidateQueries({ predicate: isChanging });
    return openEventStream('/api/events/stream', {
      event: (event) => {
        applyEvent(cache, event);
        applyToInbox(cache, event);
      },
      passing: applyTyping,
      status: setStatus,
      gap: refresh,
    });
  }, [cache]);

  useEffect(() => {
    if (status !== 'down') return;
    const polling = setInterval(() => {
      if (document.visibilityState === 'visible') {
        void cache.invalidateQueries({ predicate: isChanging });
      }
    }, POLL_MS);
    return () => clearInterval(polling);
  }, [cache, status]);

  return <Live value={status}>{children}</Live>;
}

/** Everything but who we are and which simulated phones there are. */
function isChanging(query: { queryKey: readonly unknown[] }): boolean {
  return query.queryKey[0] !== 'me' && query.queryKey[0] !== 'sandbox-phones';
}

export function useLiveStatus(): LiveStatus {
  return use(Live);
}

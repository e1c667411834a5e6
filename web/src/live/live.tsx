import type { LogEvent } from '@patchbay/contract';
import { notifyManager, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { applyEvent } from './apply-event.js';
import { applyToInbox } from './apply-inbox.js';
import { applyToTeam, askForTeam } from './apply-team.js';
import { askedAgain } from './asked-again.js';
import { type EventStream, type LiveStatus, openEventStream } from './event-stream.js';
import { gathered } from './gathered.js';
import { notifyOf } from './notify.js';
import { applyTyping } from './typing.js';
import { applyViewers, forgetViewers } from './viewers.js';

interface Live {
  status: LiveStatus;
  say: EventStream['say'];
}

const LiveContext = createContext<Live>({ status: 'connecting', say: () => undefined });
const POLL_MS = 5_000;
/** Of a busy time a page shows so much at once: faster than an eye, slower than a message (ms). */
const SHOW_EVERY = 100;

/** Keeps everything below it current: by the event stream, or by asking every 5 s without one. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>('connecting');
  const stream = useRef<EventStream>(null);

  useEffect(() => {
    const refresh = () => void cache.invalidateQueries({ predicate: isChanging });
    const answers = askedAgain(cache);
    const events = gathered<LogEvent>(SHOW_EVERY, (some) =>
      notifyManager.batch(() => {
        for (const event of some) {
          applyEvent(cache, event);
          applyToInbox(cache, event);
          answers.behind(event);
          notifyOf(cache, event);
        }
      }),
    );
    const opened = openEventStream(address(), {
      event: (event) => events.add(event),
      passing: (event) => {
        applyTyping(event);
        applyViewers(event);
        applyToTeam(cache, event);
      },
      status: (now) => {
        setStatus(now);
        if (now === 'down') forgetViewers();
        // Passing states that were told meanwhile are not told again.
        if (now === 'live') askForTeam(cache);
      },
      gap: refresh,
    });
    stream.current = opened;
    return () => {
      opened.close();
      events.stop();
      answers.stop();
    };
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

  const say = useCallback<Live['say']>((frame) => stream.current?.say(frame), []);
  const live = useMemo<Live>(() => ({ status, say }), [status, say]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

function address(): string {
  const url = new URL('/api/ws?format=events', window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** Everything but who we are and which simulated phones there are. */
function isChanging(query: { queryKey: readonly unknown[] }): boolean {
  return query.queryKey[0] !== 'me' && query.queryKey[0] !== 'sandbox-phones';
}

export function useLiveStatus(): LiveStatus {
  return use(LiveContext).status;
}

/** Tells the others of the team what is open here. */
export function useSay(): EventStream['say'] {
  return use(LiveContext).say;
}

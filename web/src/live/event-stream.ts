import { EventName, LogEvent, PassingEvent, PassingName } from '@patchbay/contract';
import type { z } from 'zod';

export type LiveStatus = 'connecting' | 'live' | 'down';

interface StreamListener {
  event(event: LogEvent): void;
  /** Told once, to those who listen now. */
  passing(event: PassingEvent): void;
  status(status: LiveStatus): void;
  /** Events may have been missed: everything shown has to be asked for again. */
  gap(): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** A page that nobody sees gives its connection back: a browser has six for one server. */
const HIDDEN_MS = 60_000;
const TICK_MS = 5_000;
/** Timers that stood still for this long mean that the machine slept. */
const SLEPT_MS = 20_000;

/**
 * The one live connection of the page. The browser resumes a broken stream by itself with the last
 * position; this adds what it does not do: a refused stream is asked for again, a connection that
 * slept is renewed, and an event that came twice is dropped.
 * @returns ends it
 */
export function openEventStream(url: string, listener: StreamListener): () => void {
  let source: EventSource | null = null;
  let lastPosition = 0;
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const receive = (message: MessageEvent<string>) => {
    const event = parse(LogEvent, message.data);
    if (!event || event.position <= lastPosition) return;
    lastPosition = event.position;
    listener.event(event);
  };

  const receivePassing = (message: MessageEvent<string>) => {
    const event = parse(PassingEvent, message.data);
    if (event) listener.passing(event);
  };

  const open = () => {
    close();
    const opened = new EventSource(url);
    source = opened;
    for (const name of EventName.options) opened.addEventListener(name, receive);
    for (const name of PassingName.options) opened.addEventListener(name, receivePassing);
    // Other accounts than before may be seen now.
    opened.addEventListener('access', () => listener.gap());
    opened.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      listener.status('live');
      listener.gap();
    };
    opened.onerror = () => {
      listener.status('down');
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };

  const stopWatching = watchPage({ wake: open, hide: close, isOpen: () => source !== null });
  open();
  return () => {
    stopWatching();
    close();
  };
}

function watchPage(stream: { wake(): void; hide(): void; isOpen(): boolean }): () => void {
  let hideTimer: ReturnType<typeof setTimeout> | undefined;
  let lastTick = Date.now();
  const seen = () => {
    clearTimeout(hideTimer);
    if (document.visibilityState === 'hidden') hideTimer = setTimeout(stream.hide, HIDDEN_MS);
    else if (!stream.isOpen()) stream.wake();
  };
  const tick = () => {
    const slept = Date.now() - lastTick > SLEPT_MS;
    lastTick = Date.now();
    if (slept && document.visibilityState === 'visible') stream.wake();
  };
  const ticking = setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('online', stream.wake);
  return () => {
    clearInterval(ticking);
    clearTimeout(hideTimer);
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('online', stream.wake);
  };
}

/** A newer server may send what this page does not know; that is left out. */
function parse<Event>(schema: z.ZodType<Event>, data: string): Event | null {
  try {
    return schema.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}

import {
  CLOSE_CODES,
  type ClientFrame,
  type LogEvent,
  type PassingEvent,
} from '@patchbay/contract';

export type LiveStatus = 'connecting' | 'live' | 'down';

interface StreamListener {
  event(event: LogEvent): void;
  /** Told once, to those who listen now. */
  passing(event: PassingEvent): void;
  status(status: LiveStatus): void;
  /** Events may have been missed: everything shown has to be asked for again. */
  gap(): void;
}

/** The live connection of a page. */
export interface EventStream {
  /** What others of the team shall see: which chat is open here, and whether somebody writes. */
  say(frame: Extract<ClientFrame, { type: 'viewing' | 'typing' | 'leaving' }>): void;
  close(): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** The server says something every 15 s. */
const SILENCE_MS = 40_000;
/** A page that nobody sees gives its connection back. */
const HIDDEN_MS = 60_000;
const TICK_MS = 5_000;

/** What the server says on the WebSocket. */
interface Frame {
  type?: string;
  event?: LogEvent | PassingEvent;
  cursor?: number;
}

/**
 * The one live connection of the page. After a break it goes on behind the last event that came; when
 * that is no longer kept it begins anew and says that there is a gap.
 * @param url `ws:` or `wss:`, with the format `events`
 */
export function openEventStream(url: string, listener: StreamListener): EventStream {
  let socket: WebSocket | null = null;
  let cursor: number | undefined;
  let shown: Parameters<EventStream['say']>[0] = { type: 'leaving' };
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let heardAt = 0;

  const subscribe = (to: WebSocket) =>
    to.send(JSON.stringify({ type: 'subscribe', after: cursor }));

  const take = (from: WebSocket, data: unknown) => {
    heardAt = Date.now();
    const frame = read(data);
    if (!frame) return;
    if (frame.event) {
      tell(frame.event, cursor, listener);
      cursor = Math.max(cursor ?? 0, frame.cursor ?? 0) || cursor;
    } else if (frame.type === 'subscribed') {
      const anew = cursor === undefined;
      cursor ??= frame.cursor;
      retryMs = FIRST_RETRY_MS;
      listener.status('live');
      if (anew) listener.gap();
      if (shown.type === 'viewing') from.send(JSON.stringify(shown));
    } else if (frame.type === 'heartbeat') cursor = frame.cursor ?? cursor;
    else if (frame.type === 'access') listener.gap();
    else if (frame.type === 'error' && cursor !== undefined && from === socket) {
      // It cannot go on from there: it is not kept any more, or of another server.
      cursor = undefined;
      subscribe(from);
    }
  };

  const open = () => {
    close();
    const opened = new WebSocket(url);
    socket = opened;
    heardAt = Date.now();
    opened.onopen = () => subscribe(opened);
    opened.onmessage = ({ data }) => take(opened, data);
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      socket = null;
      listener.status('down');
      // Whoever is not let in finds out by asking for anything, and is led to the sign-in.
      if (code === CLOSE_CODES.unauthorized) listener.gap();
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };
  };
  const close = () => {
    clearTimeout(retry);
    retry = undefined;
    const ended = socket;
    socket = null;
    ended?.close();
  };

  const stopWatching = watchPage({
    wake: open,
    hide: close,
    isAlive: () => retry !== undefined || (socket !== null && Date.now() - heardAt < SILENCE_MS),
  });
  open();
  return {
    say(frame) {
      shown = frame.type === 'typing' ? { ...frame, type: 'viewing' } : frame;
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      stopWatching();
      close();
    },
  };
}

function watchPage(stream: { wake(): void; hide(): void; isAlive(): boolean }): () => void {
  let hideTimer: ReturnType<typeof setTimeout> | undefined;
  const wakeIfDead = () => {
    if (document.visibilityState === 'visible' && !stream.isAlive()) stream.wake();
  };
  const seen = () => {
    clearTimeout(hideTimer);
    if (document.visibilityState === 'hidden') hideTimer = setTimeout(stream.hide, HIDDEN_MS);
    else wakeIfDead();
  };
  const ticking = setInterval(wakeIfDead, TICK_MS);
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('online', stream.wake);
  return () => {
    clearInterval(ticking);
    clearTimeout(hideTimer);
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('online', stream.wake);
  };
}

function read(data: unknown): Frame | null {
  try {
    return JSON.parse(String(data)) as Frame | null;
  } catch {
    return null;
  }
}

/** What is in the log has a position there; what came before is left out. */
function tell(
  event: LogEvent | PassingEvent,
  cursor: number | undefined,
  listener: StreamListener,
): void {
  if (!('position' in event)) listener.passing(event);
  else if (cursor === undefined || event.position > cursor) listener.event(event);
}

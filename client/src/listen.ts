import type { Event } from './api.generated.js';
import { PatchbayError } from './error.js';
import type { ListenOptions } from './listen-options.js';
import type { Connection } from './request.js';
import { rest } from './rest.js';
import { readSse } from './sse.js';
import { readWebSocket } from './web-socket.js';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/**
 * Every event once and in order, over as many connections as it takes. Ends when `signal` aborts;
 * throws a PatchbayError when going on makes no sense (wrong key, cursor too old). Keep the position
 * of what you have worked off, and give it as `after` when your program starts again.
 */
export async function* listen(
  connection: Connection,
  options: ListenOptions = {},
): AsyncGenerator<Event, void, undefined> {
  const { signal } = options;
  let after = options.after;
  let seen = after ?? -1;
  let pause = FIRST_PAUSE;
  while (!signal?.aborted) {
    try {
      const read = options.transport === 'websocket' ? readWebSocket : readSse;
      for await (const { event, passing, cursor } of read(connection, { ...options, after })) {
        pause = FIRST_PAUSE;
        if (passing) options.onPassing?.(passing);
        if (event && event.position > seen) {
          seen = event.position;
          yield event;
        }
        if (cursor !== undefined) after = Math.max(cursor, after ?? 0);
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (isFinal(error)) throw error;
    }
    if (signal?.aborted) return;
    options.onConnection?.('lost');
    await rest(pause * (0.5 + Math.random()), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** The server understood us and said no; asking again would not help. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof PatchbayError)) return true;
  return error.status >= 400 && error.status < 500 && error.status !== 429;
}

import type { Event } from './api.generated.js';
import { PatchbayError } from './error.js';
import type { ListenOptions, PassingState, Told } from './listen-options.js';
import { SILENCE } from './listen-options.js';
import type { Connection } from './request.js';

/** One connection of Server-Sent Events; ends when the server or the network ends it. */
export async function* readSse(
  connection: Connection,
  { sessionId, events, after, signal, onConnection }: ListenOptions,
): AsyncGenerator<Told, void, undefined> {
  const query = new URLSearchParams();
  if (sessionId !== undefined) query.set('sessionId', sessionId);
  if (events !== undefined) query.set('events', events.join(','));
  if (after !== undefined) query.set('after', String(after));
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal?.addEventListener('abort', abort);
  try {
    const answer = await connection.fetch(`/api/events/stream?${query}`, {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    });
    if (!answer.body) return;
    onConnection?.('open');
    for await (const block of blocksOf(answer.body, abort)) yield told(block);
  } catch (error) {
    if (error instanceof PatchbayError) throw error;
    throw new PatchbayError('unreachable', 'The event stream was cut', 0, undefined, [], {
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}

/** Blocks between empty lines. Calls `onSilence` when nothing at all comes for too long. */
async function* blocksOf(
  body: ReadableStream<Uint8Array>,
  onSilence: () => void,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decode = new TextDecoder();
  let text = '';
  for (;;) {
    const timer = setTimeout(onSilence, SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    text += decode.decode(value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks;
  }
}

function told(block: string): Told {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const id = fields.get('id');
  const data = fields.get('data');
  const content = data && (JSON.parse(data) as Partial<Event & PassingState>);
  return {
    ...(id !== undefined && { cursor: Number(id) }),
    ...(content && content.position !== undefined && { event: content as Event }),
    ...(content &&
      content.name !== undefined &&
      id === undefined && {
        passing: content as PassingState,
      }),
  };
}

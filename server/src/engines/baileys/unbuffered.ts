import type { WASocket } from './baileys.js';

/**
 * Takes rc14's event buffer out of the way: everything is told when it happens.
 *
 * The buffer (`lib/Utils/event-buffer.js`) holds events back by 100 ms, merges what falls into that
 * time (the error ack of a message vanishes in the message itself), is held for up to 20 s while the
 * first history is awaited (`lib/Socket/chats.js`, AwaitingInitialSync), and gets stuck for 30 s
 * when it is flushed while a buffered function runs.
 */
export function unbuffer({ ev }: Pick<WASocket, 'ev'>): void {
  const emit = ev.emit.bind(ev);
  ev.emit = (event, data) => {
    const emitted = emit(event, data);
    ev.flush();
    return emitted;
  };
}

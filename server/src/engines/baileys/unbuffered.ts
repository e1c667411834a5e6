import type { BaileysEventMap, WASocket } from './baileys.js';

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
    if (event === 'chats.update') {
      for (const update of data as BaileysEventMap['chats.update']) {
        // Held back until its chat is seen in the same buffer, which is never here.
        delete update.conditional;
      }
    }
    const emitted = emit(event, data);
    ev.flush();
    return emitted;
  };
}

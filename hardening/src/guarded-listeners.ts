import { EventEmitter } from 'node:events';
import { AbstractSocketClient } from 'baileys/lib/Socket/Client/types.js';

/**
 * Catches what baileys' asynchronous socket listeners reject with.
 *
 * Mends: baileys `lib/Socket/socket.js`, where `ws.on('message', onMessageReceived)` drops the
 * promise: a frame that cannot be decrypted or parsed becomes an unhandled rejection, which ends
 * the process, while the socket stays open and deaf. The same holds for the `CB:` listeners of
 * `socket.js`, `chats.js`, `groups.js` and `messages-recv.js` that answer on a socket that has just
 * closed. Here a broken frame is an error of that one socket, which closes it (`socket.js` maps
 * errors of the socket to an end with status 500); any other rejection is told as the event
 * {@link LISTENER_REJECTED} with the error and the name of the event that was handled.
 *
 * Messages are also handled one after another: `handleMessage` in `lib/Socket/messages-recv.js` looks
 * up LID mappings before it queues for its mutex, so that with a slow key store a later message of
 * a chat overtakes an earlier one.
 */
export const LISTENER_REJECTED = 'patchbay:listener-rejected';

type Listener = (...args: unknown[]) => unknown;

function isAsynchronous(event: string | symbol): boolean {
  return (
    typeof event === 'string' &&
    (event === 'message' || event === 'open' || event.startsWith('CB:'))
  );
}

/** The message that each socket is handling now. */
const handling = new WeakMap<EventEmitter, Promise<unknown>>();

function inTurn(socket: EventEmitter, handle: () => unknown): Promise<unknown> {
  const before = handling.get(socket) ?? Promise.resolve();
  const turn = before.then(handle, handle);
  handling.set(socket, turn);
  return turn;
}

function guarded(event: string | symbol, listener: Listener): Listener {
  const guard = function (this: EventEmitter, ...args: unknown[]) {
    const handle = () => listener.apply(this, args);
    const result = event === 'CB:message' ? inTurn(this, handle) : handle();
    if (result instanceof Promise) {
      result.catch((error: unknown) => {
        if (event !== 'message') this.emit(LISTENER_REJECTED, error, event);
        // Without a listener the socket is already over, and `error` would be thrown.
        else if (this.listenerCount('error') > 0) this.emit('error', error);
      });
    }
  };
  // The name under which EventEmitter.off() finds a wrapped listener.
  return Object.assign(guard, { listener });
}

const prototype = AbstractSocketClient.prototype as EventEmitter;
if (!Object.hasOwn(prototype, 'on')) {
  prototype.on = function (event, listener) {
    return EventEmitter.prototype.on.call(
      this,
      event,
      isAsynchronous(event) ? guarded(event, listener) : listener,
    );
  };
}

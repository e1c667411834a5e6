import type { Api, Event } from './api.generated.js';
import { operations } from './api.generated.js';
import { listen } from './listen.js';
import type { ListenOptions } from './listen-options.js';
import type { Operation } from './operation.js';
import type { ClientOptions } from './request.js';
import { Connection, call } from './request.js';

export type * from './api.generated.js';
export { operations } from './api.generated.js';
export { type ErrorCode, PatchbayError } from './error.js';
export type { ListenOptions, PassingState, Socket, SocketClass } from './listen-options.js';
export type { ClientOptions, RequestOptions } from './request.js';
export type { Retry } from './retry.js';
export { type Delivery, readWebhook, SignatureError } from './webhook.js';

/** Every endpoint by subject (`patchbay.sessions.list()`), and the stream of events. */
export interface Patchbay extends Api {
  /** Every event once and in order: `for await (const event of patchbay.listen()) ...`. */
  listen(options?: ListenOptions): AsyncGenerator<Event, void, undefined>;
}

export function createClient(options: ClientOptions = {}): Patchbay {
  const connection = new Connection(options);
  const groups = Object.entries(operations).map(([group, methods]) => [
    group,
    Object.fromEntries(
      Object.entries(methods as Record<string, Operation>).map(([name, operation]) => [
        name,
        (...args: unknown[]) => call(connection, operation, args),
      ]),
    ),
  ]);
  const api = Object.fromEntries(groups) as Api;
  return { ...api, listen: (how) => listen(connection, how) };
}

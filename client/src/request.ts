import { errorOf, PatchbayError } from './error.js';
import type { Operation } from './operation.js';
import { RETRIES, type Retry, retrying } from './retry.js';

export interface ClientOptions {
  /** Where Patchbay is, e.g. `http://127.0.0.1:3000`; a page of the same origin leaves it out. */
  url?: string;
  /** Left out by pages that are signed in: the browser sends its cookie. */
  apiKey?: string;
  /** In place of the global one. */
  fetch?: typeof fetch;
  /**
   * How often a call is tried again that can do no harm twice, while a server restarts or cannot be
   * reached: 4 if left out, which takes about four seconds; 0: never.
   */
  retries?: number;
  /** Told before each of them. */
  onRetry?(retry: Retry): void;
}

/** Of one call. */
export interface RequestOptions {
  signal?: AbortSignal;
  /** Sends only: the same key and body give the same message, however often they are sent. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

/** Where requests go and who asks. */
export class Connection {
  readonly url: string;
  readonly retries: number;
  readonly onRetry: (retry: Retry) => void;
  readonly apiKey: string | undefined;
  private readonly ask: typeof fetch;

  constructor(options: ClientOptions) {
    this.url = (options.url ?? '').replace(/\/$/, '');
    this.apiKey = options.apiKey;
    this.retries = options.retries ?? RETRIES;
    this.onRetry = (retry) => options.onRetry?.(retry);
    this.ask = options.fetch ?? ((...args) => fetch(...args));
  }

  /** Throws a PatchbayError for everything that is no success. */
  async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.apiKey !== undefined) headers.set('x-api-key', this.apiKey);
    let answer: Response;
    try {
      answer = await this.ask(`${this.url}${path}`, { ...init, headers });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PatchbayError('unreachable', `No answer of ${this.url}: ${why}`, 0, undefined, [], {
        cause,
      });
    }
    if (!answer.ok) throw await errorOf(answer);
    return answer;
  }
}

/** Calls an operation with its arguments in the order: path parameters, body, query, options. */
export async function call(
  connection: Connection,
  operation: Operation,
  args: unknown[],
): Promise<unknown> {
  const rest = [...args];
  const path = operation.path.replace(/\{\w+\}/g, () => encodeURIComponent(String(rest.shift())));
  const body = operation.body ? rest.shift() : undefined;
  const query = operation.query && (rest.shift() as Record<string, unknown> | undefined);
  const { signal, idempotencyKey, headers } = (rest.shift() ?? {}) as RequestOptions;
  const isJson = body !== undefined && !(body instanceof FormData);
  const init = {
    method: operation.method,
    headers: {
      ...(isJson && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...headers,
    },
    ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as FormData) }),
    ...(signal && { signal }),
  };
  return await retrying(
    connection,
    { path, repeatable: operation.repeatable, ...init },
    async () => {
      const answer = await connection.fetch(`${path}${queryText(query)}`, init);
      return await contentOf(answer, operation.answer, connection.url);
    },
  );
}

async function contentOf(
  answer: Response,
  kind: Operation['answer'],
  url: string,
): Promise<unknown> {
  if (kind === 'response') return answer;
  if (kind === 'nothing') return void (await answer.body?.cancel());
  const text = await answer.text().catch((cause) => {
    if (cause?.name === 'AbortError' || cause?.name === 'TimeoutError') throw cause;
    throw new PatchbayError('unreachable', `The answer of ${url} was cut off`, 0, undefined, [], {
      cause,
    });
  });
  return kind === 'json' ? JSON.parse(text) : text;
}

function queryText(query: Record<string, unknown> | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

import { PatchbayError } from './error.js';
import { rest } from './rest.js';

/** How often a call is tried again unless the options say otherwise. */
export const RETRIES = 4;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;

/** Asked twice, these do what they do once (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
/** What proxies answer when they do not reach a server. */
const FROM_PROXIES = new Set([502, 503, 504]);
/** Codes that go away by themselves. */
const PASSING = new Set(['session_elsewhere', 'storage_unavailable', 'shutting_down']);
/** There was no connection, so nothing was asked. Node tells; browsers do not. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** A call that is about to be made once more. */
export interface Retry {
  method: string;
  /** Without the query. */
  path: string;
  /** 1 is the first time that it is tried again. */
  attempt: number;
  /** Why the last try failed. */
  error: PatchbayError;
  /** Milliseconds until then. */
  pause: number;
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  repeatable?: boolean | undefined;
  signal?: AbortSignal;
}

interface Policy {
  retries: number;
  onRetry(retry: Retry): void;
}

/** Tries again, with growing pauses, what failed for the moment and can do no harm twice. */
export async function retrying<T>(
  { retries, onRetry }: Policy,
  call: Call,
  ask: () => Promise<T>,
): Promise<T> {
  const { method, path, signal } = call;
  const repeatable = isRepeatable(call);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt > retries || signal?.aborted || !(error instanceof PatchbayError)) throw error;
      if (!(repeatable ? isPassing(error) : isUndone(error))) throw error;
      const growing = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE);
      const pause = Math.max(growing * (0.5 + Math.random()), (error.retryAfter ?? 0) * 1000);
      onRetry({ method, path, attempt, error, pause });
      await rest(pause, signal);
      if (signal?.aborted) throw error;
    }
  }
}

function isRepeatable({ method, headers, repeatable = false }: Call): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return repeatable || IDEMPOTENT.has(method) || names.includes('idempotency-key');
}

function isPassing(error: PatchbayError): boolean {
  const { code, status } = error;
  if (code === 'unreachable') return status === 0 || FROM_PROXIES.has(status);
  return isUndone(error) || (status === 503 && PASSING.has(code));
}

/** Whether nothing was done: asking again cannot do anything twice. */
function isUndone({ code, status, retryAfter, cause }: PatchbayError): boolean {
  if (code === 'unreachable') return status === 0 && NOT_CONNECTED.has(networkCode(cause));
  return status === 503 && retryAfter !== undefined;
}

/** Node's fetch says "fetch failed", and why in the cause of that. */
function networkCode(thrown: unknown): string {
  const { code, cause } = (thrown ?? {}) as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? '';
}

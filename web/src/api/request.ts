import { ErrorBody, type ErrorCode } from '@patchbay/contract';
import type { z } from 'zod';
import { words } from '../words/words.js';

/** An answer of the server that was not what was asked for, in words that can be shown. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    readonly code: ErrorCode | 'unreachable' | 'unexpected_answer',
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A form is sent as it is, anything else as JSON. */
  body?: unknown;
  /** Under the same key the same request is done once, however often it is sent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/**
 * Asks the API and checks the answer against its schema.
 * @param path from `/api` on, already encoded
 * @throws {ApiError} for every kind of failure except an abort
 */
export async function request<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: RequestOptions = {},
): Promise<z.infer<Schema>> {
  return await answerOf(await send(path, options), path, schema);
}

/**
 * Reads an answer of the server, and checks it against its schema.
 * @throws {ApiError} when it is a refusal or has another shape
 */
export async function answerOf<Schema extends z.ZodType>(
  response: Response,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorFrom(response, answer);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? `${issue.path.join('.')}: ${issue.message}` : '';
  throw new ApiError(
    response.status,
    'unexpected_answer',
    words.errors.unexpectedAnswer(path, where),
  );
}

async function send(
  path: string,
  { method = 'GET', body, idempotencyKey, signal }: RequestOptions,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const isForm = body instanceof FormData;
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
  try {
    return await fetch(`/api${path}`, {
      method,
      headers,
      body: body === undefined || isForm ? body : JSON.stringify(body),
      signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', words.errors.unreachable);
  }
}

function errorFrom(response: Response, answer: unknown): ApiError {
  const parsed = ErrorBody.safeParse(answer);
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (!parsed.success) {
    const code = response.status >= 500 ? 'unreachable' : 'unexpected_answer';
    return new ApiError(response.status, code, words.errors.status(response.status), requestId);
  }
  const { error } = parsed.data;
  const issues = error.issues?.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  const message = issues ? `${error.message} (${issues})` : error.message;
  return new ApiError(response.status, error.code, message, error.requestId ?? requestId);
}

/** What went wrong, for a person; also for errors that are not ours. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : words.errors.unknown;
}

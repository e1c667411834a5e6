import type { ErrorBody, ErrorCode } from '@patchbay/contract';
import { isMissingPart } from '../missing-part.js';
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
 * Asks the API. The answer's type is the contract's, which the server keeps to: its schemas stay out
 * of what a browser has to load.
 * @param path from `/api` on, already encoded
 * @throws {ApiError} for every kind of failure except an abort
 */
export async function ask<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  return await answerOf<Answer>(await send(path, options), path);
}

/**
 * Reads an answer of the server.
 * @throws {ApiError} when it is a refusal, or no JSON: then something in between has answered
 */
export async function answerOf<Answer>(response: Response, path: string): Promise<Answer> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorFrom(response, answer);
  if (answer !== undefined) return answer as Answer;
  const text = words.errors.unexpectedAnswer(path);
  throw new ApiError(response.status, 'unexpected_answer', text);
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
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (!isErrorBody(answer)) {
    const code = response.status >= 500 ? 'unreachable' : 'unexpected_answer';
    return new ApiError(response.status, code, words.errors.status(response.status), requestId);
  }
  const { error } = answer;
  const issues = error.issues?.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  const message = issues ? `${error.message} (${issues})` : error.message;
  return new ApiError(response.status, error.code, message, error.requestId ?? requestId);
}

function isErrorBody(answer: unknown): answer is ErrorBody {
  const error = (answer as Partial<ErrorBody> | null | undefined)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}

/** What went wrong, for a person; also for errors that are not ours. */
export function messageOf(error: unknown): string {
  if (isMissingPart(error)) return words.errors.partMissing;
  return error instanceof Error ? error.message : words.errors.unknown;
}

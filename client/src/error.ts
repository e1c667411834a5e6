import type { Error as ErrorBody } from './api.generated.js';

/** Codes of the server's table; `unreachable` is ours: there was no answer of Patchbay's. */
export type ErrorCode = ErrorBody['error']['code'] | 'unreachable';

/** What the API refused, with its stable code; or that it could not be reached (`status` 0). */
export class PatchbayError extends Error {
  override readonly name = 'PatchbayError';
  /** Seconds after which it is worth asking again. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly status: number,
    /** For the operator: the server's log has the request under this id. */
    readonly requestId?: string,
    /** Each wrong field of a refused request. */
    readonly issues: { path: string; message: string }[] = [],
    options?: ErrorOptions & { retryAfter?: number | undefined },
  ) {
    super(message, options);
    this.retryAfter = options?.retryAfter;
  }
}

/** The error that an answer carries. */
export async function errorOf(answer: Response): Promise<PatchbayError> {
  const text = await answer.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as ErrorBody;
    return new PatchbayError(
      error.code,
      error.message,
      answer.status,
      error.requestId,
      error.issues,
      { retryAfter: secondsOf(answer.headers.get('retry-after')) },
    );
  } catch {
    return new PatchbayError(
      'unreachable',
      `HTTP ${answer.status}, and not from Patchbay: ${text.slice(0, 200)}`,
      answer.status,
    );
  }
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

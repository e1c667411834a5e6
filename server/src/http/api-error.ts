import type { ErrorCode } from '@patchbay/contract';
import { ERRORS } from '@patchbay/contract';

/** An error answer: a code of the one table and what was wrong in this case. */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string = ERRORS[code].meaning,
    readonly issues?: { path: string; message: string }[],
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = ERRORS[code].status;
  }
}

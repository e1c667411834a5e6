import type { ErrorCode } from '@patchbay/contract';
import { ERRORS } from '@patchbay/contract';

/** An error answer: a code of the one table and what was wrong in this case. */
export class ApiError extends Error {
  readonly status: number;
  readonly issues: { path: string; message: string }[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string = ERRORS[code].meaning,
    /** Of a refused shape: what is wrong where. Of `rate_limited`: the seconds to wait. */
    more?: { path: string; message: string }[] | number,
  ) {
    super(message);
    this.name = 'ApiError';
    if (typeof more === 'number') this.retryAfter = more;
    else if (more) this.issues = more;
    this.status = ERRORS[code].status;
  }
}

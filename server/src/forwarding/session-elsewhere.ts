import { ApiError } from '../http/api-error.js';

/** Whoever answers the caller waits so long before it is worth trying again (seconds). */
const TRY_AGAIN = 2;

/**
 * What was asked for needs a session that another process runs, and nothing of it was done here. The
 * request that asked goes to that process (forwarding.ts); everybody else tries again later.
 */
export class SessionElsewhere extends ApiError {
  /** @param sessionId undefined: one that is still to be made */
  constructor(readonly sessionId: string | undefined) {
    super(
      'session_elsewhere',
      sessionId === undefined
        ? 'Sessions run in other processes, and none of them can take one now'
        : `Another process has the session "${sessionId}"`,
      TRY_AGAIN,
    );
  }
}

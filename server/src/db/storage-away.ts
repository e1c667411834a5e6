/** Codes of SQLite (disk full, failing, read-only), the network and PostgreSQL's start and end. */
const CODES =
  /^(SQLITE_(FULL|IOERR|CANTOPEN|READONLY|BUSY)|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|53|57P|55000|25006|25P0[34])/;
/** What pg says without a code when a connection breaks or none is to be had. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/;

/** Whether an error of the database says that it cannot be reached or written now. */
export function isStorageAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && CODES.test(code)) || MESSAGES.test(error.message);
}

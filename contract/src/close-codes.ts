/** Why a WebSocket was closed, as its close code. */
export const CLOSE_CODES = {
  /** The server stops; come again. */
  stopping: 1012,
  /** A fault of ours; come again. */
  fault: 1011,
  /** The API key or cookie is missing or wrong. */
  unauthorized: 4001,
  /** The reader took nothing for too long; the close reason names the cursor to resume after. */
  tooSlow: 4008,
} as const;

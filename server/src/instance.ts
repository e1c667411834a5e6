/** What this server is, for those who ask. */
export class Instance {
  constructor(
    readonly version: string,
    /** Base URL of the sandbox that it speaks to, if any. */
    readonly sandboxUrl: string | undefined,
    /** The largest file that can be sent (bytes). */
    readonly maxUploadBytes: number,
    /** Accounts that a user may have; the operator any number. */
    readonly maxSessionsPerUser: number,
    readonly startedAt = Date.now(),
  ) {}
}

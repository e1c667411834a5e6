import type { Credentials } from '../../auth/credentials.js';
import type { Principal } from '../../auth/principal.js';
import type { SessionAccess } from '../../auth/session-access.js';
import type { Scope } from '../../event-log/event-log.js';

/** Who knows who may see what. */
export interface Doorkeeper {
  access: SessionAccess;
  credentials: Credentials;
}

/** Who reads a stream: rights are looked at again while it is open, for they may end. */
export class Visitor {
  constructor(
    private readonly door: Doorkeeper,
    private principal: Principal,
  ) {}

  get userId(): string {
    return this.principal.userId;
  }

  /** False: the credentials have ended. */
  async isWelcome(): Promise<boolean> {
    const principal = await this.door.credentials.renew(this.principal);
    if (principal) this.principal = principal;
    return principal !== undefined;
  }

  /** What of a session, or of all sessions, may be seen now; undefined: there is no such session. */
  async scope(sessionId: string | undefined): Promise<Scope[] | undefined> {
    const { access } = this.door;
    if (sessionId === undefined) return await access.reach(this.principal);
    const session = await access.find(this.principal, sessionId);
    return session && [{ ownerId: session.ownerId, sessionId }];
  }

  /** Whether the sessions of this owner are the visitor's to link. */
  links(ownerId: string): boolean {
    return this.door.access.manages(this.principal, { id: '', ownerId });
  }
}

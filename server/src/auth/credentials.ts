import type { InstanceKey } from './instance-key.js';
import type { AuthenticatedRequest, Principal } from './principal.js';
import { ACTIONS, FIRST_USER } from './principal.js';

export const COOKIE = 'patchbay';

export type Asking = Pick<AuthenticatedRequest, 'headers' | 'cookies'>;

const OPERATOR: Principal = {
  userId: FIRST_USER,
  role: 'admin',
  actions: new Set(ACTIONS),
  sessions: 'all',
  via: 'instance-key',
};

/** Finds who asks by what the request brings. */
export class Credentials {
  constructor(private readonly instanceKey: InstanceKey) {}

  /** Undefined: nobody whom we know. A key counts before the cookie. */
  async identify({ headers, cookies }: Asking): Promise<Principal | undefined> {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const key = headers['x-api-key'] ?? bearer;
    if (typeof key === 'string' && this.instanceKey.matches(key)) return OPERATOR;
    const cookie = cookies[COOKIE];
    if (cookie && this.instanceKey.acceptsCookie(cookie)) return { ...OPERATOR, via: 'cookie' };
    return undefined;
  }

  /** The same caller some time later, as long as the credentials still stand. */
  async renew(principal: Principal): Promise<Principal | undefined> {
    return principal;
  }
}

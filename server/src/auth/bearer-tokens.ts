import type { RequestToken } from '@patchbay/contract';
import { Action } from '@patchbay/contract';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ApiError } from '../http/api-error.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { Action as ActionName, Principal } from './principal.js';

const DEFAULT_MINUTES = 15;

/** What a token says, in the short names of RFC 7519. */
const Claims = z.object({
  sub: z.string(),
  exp: z.number(),
  actions: z.array(Action),
  sessions: z.array(z.string()).nullable(),
  /** The key or sign-in that asked for it: it ends with that. */
  from: z.object({ keyId: z.string(), loginId: z.string() }).partial(),
  /** Of one that the operator asked for: `InstanceKey.proof`. */
  operator: z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** The only algorithm, whatever a token's header says. */
const ALGORITHM = 'HS256';
/** Who gives a token, and to whom it is shown. */
const ISSUER = 'patchbay';

/** Short-lived bearers (JWT) for programs, under a key derived from the instance's secret. */
export class BearerTokens {
  private readonly key: Uint8Array;

  constructor(box: SecretBox) {
    this.key = Buffer.from(box.sign('key of bearer tokens'), 'base64url');
  }

  /** A bearer for what the caller may do, or for less. @throws {ApiError} forbidden */
  async issue(
    principal: Principal,
    asked: RequestToken,
  ): Promise<{ token: string; expiresAt: number }> {
    if (principal.via === 'jwt') {
      throw new ApiError('forbidden', 'A bearer token is not given for another one');
    }
    const actions = asked.actions ?? [...principal.actions];
    const sessions =
      asked.sessions ?? (principal.sessions === 'all' ? null : [...principal.sessions]);
    refuseMore(principal, actions, sessions);
    const minutes = asked.minutes ?? DEFAULT_MINUTES;
    const latest = principal.expiresAt ?? Number.MAX_SAFE_INTEGER;
    const exp = Math.floor(Math.min(Date.now() + minutes * 60_000, latest) / 1000);
    const { userId, keyId, loginId, operatorProof } = principal;
    const token = await new SignJWT({
      ...{ actions, sessions },
      from: { ...(keyId && { keyId }), ...(loginId && { loginId }) },
      ...(operatorProof && { operator: operatorProof }),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(this.key);
    return { token, expiresAt: exp * 1000 };
  }

  /** What a token of ours says, until it expires. */
  async read(token: string): Promise<Claims | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        typ: 'JWT',
        issuer: ISSUER,
        audience: ISSUER,
      });
      return Claims.parse(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

function refuseMore(principal: Principal, actions: ActionName[], sessions: string[] | null): void {
  const { sessions: allowed } = principal;
  const isMore =
    actions.some((action) => !principal.actions.has(action)) ||
    (allowed !== 'all' && (sessions ?? []).some((id) => !allowed.has(id)));
  if (isMore) throw new ApiError('forbidden', 'A token cannot allow more than who asks for it');
}

import type { EngineKind } from '@patchbay/contract';
import type { Audit } from '../auth/audit.js';
import type { Actor } from '../auth/principal.js';
import { ApiError } from '../http/api-error.js';
import type { Instance } from '../instance.js';
import type { Session } from './session.js';
import type { Supervisor } from './supervisor.js';

/** What every route that makes a session does: the caller's slots, and a note in the audit log. */
export class Creating {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly audit: Audit,
    private readonly instance: Instance,
  ) {}

  /**
   * Creates the session if there is none, and starts it.
   * @param id absent: one of ours, or that of the session in the slot
   * @param ownerId whose session it is, or will be
   * @throws {ApiError} forbidden, slot_connected, no_free_slot, not_supported
   */
  async ensure(
    by: Actor,
    id: string | undefined,
    ownerId: string,
    asked: {
      engine?: EngineKind | undefined;
      displayName?: string | undefined;
      slot?: number | undefined;
    },
  ): Promise<Session> {
    const { isOperator, sessions } = by.principal;
    if (id === undefined && sessions !== 'all') {
      throw new ApiError('forbidden', 'This key is for some sessions and cannot make another');
    }
    return await this.supervisor.ensure(id, {
      ...asked,
      ownerId,
      maxSlots: isOperator ? null : this.instance.maxSessionsPerUser,
      also: (created) => [this.audit.step(by, 'session.created', created)],
    });
  }
}

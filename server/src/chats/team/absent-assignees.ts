import type { Logger } from 'pino';
import type { SessionAccess } from '../../auth/session-access.js';
import type { Database } from '../../db/database.js';
import type { TeamState } from './team-state.js';

/** Chats that are looked up at a time. */
const AT_ONCE = 100;

/**
 * A chat does not stay with somebody who can no longer see it, because the account is no longer shared or
 * the user is gone: it is nobody's then, and the event tells it. Looked for at each change of who may see
 * what, and at start, so that a death in between leaves none.
 */
export class AbsentAssignees {
  private stopHearing: (() => void) | undefined;
  private working: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly database: Database,
    private readonly state: TeamState,
    private readonly access: SessionAccess,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.stopHearing = this.access.onChange(() => this.look());
    this.look();
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.stopHearing?.();
    this.stopHearing = undefined;
    await this.working;
  }

  private look(): void {
    this.again = true;
    this.working ??= this.work()
      .catch((error) => {
        this.logger.warn({ err: error }, 'chats of absent users were not released; later again');
      })
      .finally(() => {
        this.working = undefined;
      });
  }

  private async work(): Promise<void> {
    while (this.again) {
      this.again = false;
      for (const { session, owner, user } of await this.assigned()) {
        if (user === null || this.access.reaches(user, owner, session)) continue;
        await this.release({ id: session, ownerId: owner }, user);
      }
      await this.forgetReplies();
    }
  }

  private async assigned() {
    return await this.database.kysely
      .selectFrom('chats')
      .innerJoin('sessions', 'sessions.id', 'chats.session_id')
      .select(['sessions.id as session', 'sessions.owner_id as owner', 'assignee_id as user'])
      .where('assignee_id', 'is not', null)
      .distinct()
      .execute();
  }

  private async release(session: { id: string; ownerId: string }, user: string): Promise<void> {
    while (this.stopHearing) {
      const chats = await this.database.kysely
        .selectFrom('chats')
        .select('id')
        .where('session_id', '=', session.id)
        .where('assignee_id', '=', user)
        .limit(AT_ONCE)
        .execute();
      if (chats.length === 0) return;
      for (const { id } of chats) {
        await this.state.change(session, id, { assigneeId: null }, null);
      }
    }
  }

  /** What only a removed user could see; what was shared stays. */
  private async forgetReplies(): Promise<void> {
    const query = this.database.kysely
      .deleteFrom('canned_replies')
      .where('shared', '=', 0)
      .where('author_id', 'in', (e) =>
        e.selectFrom('users').select('id').where('removed_at', 'is not', null),
      );
    await this.database.write([{ query }]);
  }
}

import type { BotIncoming, BotStatusNotice } from '@patchbay/contract';
import { EngineError } from '../engines/engine-error.js';
import { ApiError } from '../http/api-error.js';
import type { Supervisor } from './supervisor.js';

/** The engine of a session that a separate process has. */
interface Told {
  incoming(told: BotIncoming): Promise<void>;
  standsAt(told: BotStatusNotice): Promise<void>;
}

/** The separate session process, as far as it matters to what it tells. */
export interface TellingProcess {
  engineOf(sessionId: string): Told | undefined;
}

/** Takes what a separate session process tells, and gives it to the session that it is about. */
export class BotNotices {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly process: TellingProcess,
  ) {}

  /**
   * Resolves when the message is stored, now or before.
   * @throws {ApiError} session_not_found, session_not_connected
   */
  async incoming(told: BotIncoming): Promise<void> {
    const engine = await this.engine(told.sessionId);
    await orNotConnected(engine.incoming(told));
  }

  /** @throws {ApiError} as above */
  async status(told: BotStatusNotice): Promise<void> {
    const engine = await this.engine(told.sessionId);
    await orNotConnected(engine.standsAt(told));
  }

  private async engine(sessionId: string): Promise<Told> {
    const { process, supervisor } = this;
    await supervisor.rouse(sessionId, 'remote');
    const engine = process.engineOf(sessionId);
    if (engine) return engine;
    throw new ApiError('session_not_connected', 'The session is closed here; tell it again later');
  }
}

async function orNotConnected(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'not-connected') throw error;
    throw new ApiError('session_not_connected', `${error.message}; tell it again later`);
  }
}

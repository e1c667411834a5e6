import type { ErrorCode } from '@patchbay/contract';
import type { SessionScope } from '../auth/principal.js';
import type { EngineAbilities } from '../engines/engine-abilities.js';
import { EngineError } from '../engines/engine-error.js';
import { ApiError } from '../http/api-error.js';
import type { DataEvent } from './record-event.js';
import type { Session } from './session.js';
import type { Supervisor } from './supervisor.js';

type Ability<Name extends keyof EngineAbilities> = NonNullable<EngineAbilities[Name]>;

/** Records what a command did, like everything that an engine tells, in its turn. */
export type Told = (event: DataEvent) => Promise<void>;

/** What can go wrong with whatever WhatsApp is asked for. */
export const ASKED = [
  'session_not_found',
  'session_not_connected',
  'not_supported',
  'not_allowed_by_whatsapp',
  'whatsapp_refused',
  'whatsapp_timeout',
] as const;

/** The door for commands that are neither messages nor about the connection. */
export class SessionAbilities {
  constructor(private readonly supervisor: Supervisor) {}

  /** @throws ApiError `session_not_found` */
  async check({ ownerId, id }: SessionScope): Promise<void> {
    await this.supervisor.seen(ownerId, id);
  }

  /**
   * Does something with an ability of the session's engine.
   * @param notFound the code for what WhatsApp does not know
   * @throws ApiError `session_not_found`, `session_not_connected`, `not_supported`, `whatsapp_refused` ...
   */
  async use<Name extends keyof EngineAbilities, T>(
    { ownerId, id }: SessionScope,
    name: Name,
    work: (ability: Ability<Name>, told: Told) => Promise<T>,
    notFound: ErrorCode = 'whatsapp_refused',
  ): Promise<T> {
    const session = await this.supervisor.getSettled(ownerId, id);
    return await session.during(async () => {
      const ability = connected(session).abilities[name];
      if (!ability) {
        throw new ApiError('not_supported', `The engine of this session has no ${name}`);
      }
      return await orApiError(
        work(ability as Ability<Name>, (event) => session.record(event)),
        notFound,
      );
    });
  }

  /** The same with what every engine can do. */
  async useEngine<T>(
    { ownerId, id }: SessionScope,
    work: (engine: ReturnType<typeof connected>, told: Told) => Promise<T>,
  ): Promise<T> {
    const session = await this.supervisor.getSettled(ownerId, id);
    return await session.during(async () => {
      const engine = connected(session);
      return await orApiError(
        work(engine, (event) => session.record(event)),
        'whatsapp_refused',
      );
    });
  }
}

function connected({ connectedEngine, row }: Session) {
  if (connectedEngine) return connectedEngine;
  throw new ApiError(
    'session_not_connected',
    `The session is "${row.status}"; this needs it to be connected`,
  );
}

async function orApiError<T>(work: Promise<T>, notFound: ErrorCode): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new ApiError(codeOf(error, notFound), error.message);
  }
}

function codeOf({ code }: EngineError, notFound: ErrorCode): ErrorCode {
  switch (code) {
    case 'not-connected':
      return 'session_not_connected';
    case 'not-allowed':
      return 'not_allowed_by_whatsapp';
    case 'not-found':
      return notFound;
    case 'timeout':
      return 'whatsapp_timeout';
    case 'unsupported':
      return 'not_supported';
    case 'gone':
      return notFound;
    case 'refused':
    case 'damaged':
    case 'not-on-whatsapp':
      return 'whatsapp_refused';
  }
}

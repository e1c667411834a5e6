import type { Logger } from 'pino';
import type { MessageStore } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Engine } from '../engines/engine.js';
import { EngineError } from '../engines/engine-error.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { Attempt, Failure, JobHandler, JobOutcome } from '../jobs/job.js';
import { Hopeless, Postponed } from '../jobs/job.js';
import type { FetchMediaPayload } from './fetch-media.job.js';
import type { MediaLibrary } from './media-library.js';
import { MAX_MEDIA_SIZE } from './media-policy.js';
import type { MediaFailure } from './media-records.js';
import { TooLarge } from './spool.js';

/** A session that is not connected is looked at again after so long (ms). */
const LOOK_AGAIN = 3000;
/** What came damaged so often will not come whole. */
const DAMAGED_TRIES = 3;

export interface FetchSurroundings {
  database: Database;
  library: MediaLibrary;
  messages: MessageStore;
  wakeup: Wakeup;
  logger: Logger;
  /** The engine of a session while it is connected. */
  engineOf(sessionId: string): Engine | undefined;
}

/**
 * Downloads the file of one message: streamed from WhatsApp through decryption to the spool, and
 * only when all of it was checked into the store. A killed process leaves a job and, in the spool, a
 * piece that the next start removes.
 */
export class FetchMedia implements JobHandler<FetchMediaPayload> {
  constructor(private readonly around: FetchSurroundings) {}

  async run({ sessionId, messageId }: FetchMediaPayload, attempt: Attempt): Promise<JobOutcome> {
    const { library, messages, wakeup } = this.around;
    const record = await library.records.find(sessionId, messageId);
    if (record?.state !== 'fetching') return {};
    const raw = await messages.raw(sessionId, messageId);
    if (!raw) throw new Hopeless('the message is gone');
    const engine = this.around.engineOf(sessionId);
    if (!engine) throw new Postponed(Date.now() + LOOK_AGAIN);
    try {
      const content = await engine.downloadMedia(raw);
      const file = await library.spool.receive(until(attempt.signal, content), MAX_MEDIA_SIZE);
      await library.keep(file);
      const stored = { state: 'stored', hash: file.hash } as const;
      return {
        steps: [library.records.become(sessionId, messageId, stored)],
        committed: () => wakeup.hint(`media:${sessionId}/${messageId}`),
      };
    } catch (error) {
      throw this.verdict(error, attempt);
    }
  }

  failed({ sessionId, messageId }: FetchMediaPayload, failure: Failure): WriteStep[] {
    const { library, logger, wakeup } = this.around;
    logger.info({ session: sessionId, messageId, err: failure.error }, 'media was not fetched');
    if (failure.nextAttemptAt !== null) return [];
    setImmediate(() => wakeup.hint(`media:${sessionId}/${messageId}`));
    const reason = reasonOf(failure.error);
    return [library.records.become(sessionId, messageId, { state: 'failed', reason })];
  }

  private verdict(error: unknown, { number }: Attempt): unknown {
    const reason = reasonOf(error);
    if (error instanceof EngineError && error.code === 'not-connected') {
      return new Postponed(Date.now() + LOOK_AGAIN);
    }
    if (reason === 'unreachable' || (reason === 'damaged' && number < DAMAGED_TRIES)) return error;
    return new Hopeless(reason, { cause: error });
  }
}

function reasonOf(error: unknown): MediaFailure {
  if (error instanceof Hopeless) return error.cause ? reasonOf(error.cause) : 'gone';
  if (error instanceof TooLarge) return 'too_large';
  if (!(error instanceof EngineError)) return 'unreachable';
  if (error.code === 'gone' || error.code === 'damaged') return error.code;
  return error.code === 'unsupported' ? 'unsupported' : 'unreachable';
}

/** The content until the signal is aborted; then it throws the signal's reason. */
async function* until(signal: AbortSignal, content: AsyncIterable<Uint8Array>) {
  for await (const chunk of content) {
    signal.throwIfAborted();
    yield chunk;
  }
}

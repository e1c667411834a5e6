import type { Job as BullJob } from 'bullmq';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Handled, JobAttempts } from '../job-attempts.js';

/**
 * Does a job that a user's program has put into Redis. It is tried again by our policy, whatever its
 * options say; what is hopeless fails with the reason, there and in our list.
 * @returns what the program is answered
 */
export async function doOutsideJob(
  job: BullJob,
  token: string,
  handled: Handled,
  attempts: JobAttempts,
): Promise<unknown> {
  if (!handled.job.open) {
    throw new UnrecoverableError(`${handled.job.name} is not a queue for other programs`);
  }
  const outside = {
    id: outsideId(job),
    data: job.data as unknown,
    attempts: job.attemptsStarted - 1,
    createdAt: job.timestamp,
  };
  const verdict = await attempts.runOutside(outside, handled);
  if (verdict && 'result' in verdict) return verdict.result;
  if (verdict && 'givenUp' in verdict) throw new UnrecoverableError(verdict.givenUp);
  await job.moveToDelayed(verdict?.again ?? Date.now(), token);
  throw new DelayedError();
}

/**
 * Ids that BullMQ gives are numbers which begin anew when Redis was emptied, so the time belongs to
 * them; an id that the program chose is the job wherever it turns up.
 */
function outsideId({ id = '', timestamp }: BullJob): string {
  return /^\d+$/.test(id) ? `redis-${id}-${timestamp}` : id;
}

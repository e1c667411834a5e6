import type { JobOverview, JobQueueCounts } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { jobsQuery } from '../../api/jobs.js';
import { jobsWords as w } from '../../words/jobs-words.js';
import { FAILED, FailedJobs } from './failed-jobs.js';
import { NotYet, Section } from './section.js';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/** What is done in the background: how much of it waits, and what was given up. */
export function Jobs() {
  const { data, error, refetch } = useQuery(jobsQuery);
  return (
    <>
      {data?.connected === false && (
        <p role="status" className="mb-4 rounded-10 bg-danger-soft px-4 py-2.5 text-danger">
          {w.away}
        </p>
      )}
      <FailedJobs
        queues={data?.queues.map(({ name }) => name) ?? []}
        count={data?.queues.reduce((sum, { failed }) => sum + failed, 0)}
      />
      <Section title={w.queues} text={data?.runner === 'redis' ? w.redis : w.embedded}>
        {data ? <Queues queues={data.queues} /> : <NotYet error={error} retry={refetch} />}
      </Section>
    </>
  );
}

function Queues({ queues }: Pick<JobOverview, 'queues'>) {
  return (
    <section
      aria-label={w.table}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      className="overflow-x-auto rounded-10 border border-line bg-surface shadow-1"
    >
      <table className="w-full text-left">
        <thead className="text-13 text-soft">
          <tr className="border-b border-line">
            <th scope="col" className="px-3 py-2.5 font-medium sm:px-4">
              {w.queue}
            </th>
            {STATES.map((state) => (
              <th key={state} scope="col" className="px-2 py-2.5 text-right font-medium sm:px-3">
                {w.states[state]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {queues.map((queue) => (
            <QueueRow key={queue.name} queue={queue} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QueueRow({ queue }: { queue: JobQueueCounts }) {
  const about = w.about[queue.name];
  return (
    <tr>
      <th scope="row" className="px-3 py-2.5 font-medium wrap-anywhere-soft sm:px-4">
        {queue.name}
        {about && (
          <span className="block text-13 font-normal text-soft max-sm:hidden">{about}</span>
        )}
      </th>
      {STATES.map((state) => (
        <td
          key={state}
          className={clsx(
            'px-2 py-2.5 text-right tabular-nums sm:px-3',
            queue[state] === 0 && 'text-soft',
          )}
        >
          {state === 'failed' && queue.failed > 0 ? (
            <Link
              to="/settings/jobs"
              search={{ queue: queue.name }}
              hash={FAILED}
              className="font-medium text-danger underline"
            >
              {queue.failed.toLocaleString()}
            </Link>
          ) : (
            queue[state].toLocaleString()
          )}
        </td>
      ))}
    </tr>
  );
}

import type { FailedJob } from '@patchbay/contract';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { failedJobsQuery, jobKeys, retryJob, retryJobs } from '../../api/jobs.js';
import { ApiError, messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/form.js';
import { MoreButton } from '../../ui/more-button.js';
import { Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { accessWords } from '../../words/access-words.js';
import { jobsWords as w } from '../../words/jobs-words.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';

/** Where the list is on its page. */
export const FAILED = 'failed';

interface Props {
  /** Names of all queues. */
  queues: string[];
  /** How many have failed in all; when it changes the list is asked for again. */
  count: number | undefined;
}

/** Jobs that were given up, with the reason, to be tried again. */
export function FailedJobs({ queues, count }: Props) {
  const { queue } = useSearch({ from: '/signed-in/settings/jobs' });
  const navigate = useNavigate({ from: '/settings/jobs' });
  const query = useInfiniteQuery(failedJobsQuery(queue));
  const { refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the count is the reason
  useEffect(() => void refetch(), [count, refetch]);
  const jobs = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <div id={FAILED} className="scroll-mt-4">
      <Section
        title={w.failedTitle}
        text={w.failedText}
        action={
          <div className="flex flex-wrap items-end gap-2">
            <Select
              label={w.filter}
              value={queue ?? ''}
              onChange={({ target }) =>
                void navigate({ search: { queue: target.value || undefined }, replace: true })
              }
            >
              <option value="">{w.all}</option>
              {queues.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            {jobs.length > 0 && <RetryAll queue={queue} />}
          </div>
        }
      >
        {!query.data && <NotYet error={query.error} retry={refetch} />}
        {query.data && jobs.length === 0 && (
          <Notice
            icon={<CircleCheck className="size-6" aria-hidden />}
            title={w.none}
            text={w.noneText}
            className="py-6"
          />
        )}
        {jobs.length > 0 && (
          <Rows label={w.failedTitle}>
            {jobs.map((job) => (
              <FailedRow key={job.number} job={job} />
            ))}
          </Rows>
        )}
        <MoreButton query={query}>{accessWords.settings.more}</MoreButton>
      </Section>
    </div>
  );
}

function FailedRow({ job }: { job: FailedJob }) {
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryJob(job.number),
    onSuccess: () => toast.success(w.retried(1)),
    onError: (error) => {
      const gone = error instanceof ApiError && error.code === 'job_not_found';
      toast.error(gone ? w.gone : messageOf(error));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: jobKeys.all }),
  });
  return (
    <Row>
      <RowText first={job.reason} second={`${job.queue} · ${w.attempts(job.attempts)}`} />
      <When at={job.failedAt} className="text-13 text-soft" />
      <Button
        look="quiet"
        busy={retry.isPending}
        aria-label={w.retryOne(job.queue, job.reason)}
        onClick={() => retry.mutate()}
      >
        {w.retry}
      </Button>
    </Row>
  );
}

function RetryAll({ queue }: { queue: string | undefined }) {
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryJobs(queue),
    onSuccess: ({ retried }) => toast.success(w.retried(retried)),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: jobKeys.all }),
  });
  return (
    <Button busy={retry.isPending} onClick={() => retry.mutate()}>
      {w.retryAll}
    </Button>
  );
}

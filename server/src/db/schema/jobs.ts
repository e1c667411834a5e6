import type { Generated } from 'kysely';

/** Work that must happen. */
export interface JobTables {
  /** Owner: jobs. A row until the work is done or given up; `id` is the order. */
  jobs: {
    id: Generated<number>;
    /** Lanes do not wait for each other. */
    lane: string;
    name: string;
    key: string | null;
    unique_name: string | null;
    payload: string;
    /** 1 while an older job of the same lane and key is there. */
    blocked: number;
    due_at: number;
    attempts: number;
    last_error: string | null;
    created_at: number;
    /** The id under which it was known before this row; null: the row's own. */
    origin: string | null;
  };

  /** Owner: jobs. What was given up, until it is taken up again or no longer kept. */
  failed_jobs: {
    number: Generated<number>;
    job_id: string;
    name: string;
    lane: string;
    key: string | null;
    payload: string;
    attempts: number;
    reason: string;
    created_at: number;
    failed_at: number;
  };
}

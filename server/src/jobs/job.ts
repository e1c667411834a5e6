import type { z } from 'zod';
import type { WriteStep } from '../db/write-unit.js';

/**
 * When a failed attempt is made again: milliseconds from now, or null to give up.
 * @param attempt how many attempts have failed, from 1
 * @param age milliseconds since the job was added
 */
export type RetryPolicy = (attempt: number, age: number) => number | null;

/**
 * A kind of work that must happen: its name, what it is given, and how it is retried. The handler is
 * in a file of its own, so that whoever adds a job does not load what runs it.
 */
export interface Job<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  retry: RetryPolicy;
  /** How many of one lane run at the same time. */
  concurrency: number;
  /** After so long (ms) the attempt's signal is aborted. */
  timeout: number;
  /** Its lanes are ids of sessions, and it is done in the process that runs the session. */
  ofSession?: true;
  /** Its handler notes what was given up in a place of its own, from which it is tried again. */
  failedElsewhere?: true;
  /** With Redis, programs of users may add it too: what they add is checked like everything from outside. */
  open?: true;
}

/**
 * A job that programs of users do, where there is Redis. Its retries are made there, so they are said
 * in numbers: so many attempts in all, after pauses that begin with `firstPause` (ms) and double.
 */
export interface OfferedJob<Payload> extends Job<Payload> {
  outside: { attempts: number; firstPause: number };
}

export interface AddOptions {
  /** Jobs of different lanes never wait for each other. Default: one lane for the job. */
  lane?: string;
  /** Jobs of one lane with the same key run one after another, in the order in which they were added. */
  key?: string;
  /** Not before this moment (ms since the epoch). Default: at once. */
  dueAt?: number;
  /** While a job of this name is there, another is not added. */
  unique?: string;
}

export interface Attempt {
  /** Of the job: the same in each attempt, also in those after it was given up and taken up again. */
  id: string;
  /** From 1. */
  number: number;
  /** Aborted when the time is up, or when the queue stops: the attempt then does not count. */
  signal: AbortSignal;
}

export interface Failure {
  error: unknown;
  attempt: number;
  /** Null: given up. */
  nextAttemptAt: number | null;
}

export interface JobOutcome {
  /** Written in the transaction that ends the job, so this happens exactly once. */
  steps?: WriteStep[];
  /** Called after that commit; may be lost. */
  committed?(): void;
  /** What a program that added the job through Redis is answered. */
  result?: unknown;
}

export interface JobHandler<Payload> {
  /**
   * Does the work; may be repeated after a crash, but for what it returns. A throw is a failed
   * attempt; see also `Postponed` and `Hopeless`.
   */
  run(payload: Payload, attempt: Attempt): Promise<JobOutcome>;
  /** What is written in the transaction that notes a failed attempt. */
  failed?(payload: Payload, failure: Failure): WriteStep[];
}

/** Thrown by a handler that cannot work now and has not tried: the attempt does not count. */
export class Postponed extends Error {
  constructor(
    /** Milliseconds since the epoch. */
    readonly until: number,
  ) {
    super('postponed');
  }
}

/** Thrown by a handler whose work can never succeed: it is not tried again. */
export class Hopeless extends Error {}

export interface Backoff {
  /** The first pause (ms); each further one is twice as long. */
  first: number;
  longest: number;
  /** No attempt is begun when the job is older than this (ms). */
  giveUpAfter: number;
}

/**
 * Exponential backoff with jitter: each pause is between half of its length and all of it, so that
 * many jobs that failed together do not come back together.
 */
export function backoff(
  { first, longest, giveUpAfter }: Backoff,
  random: () => number = Math.random,
): RetryPolicy {
  return (attempt, age) => {
    const pause = Math.min(first * 2 ** Math.min(attempt - 1, 40), longest);
    const delay = Math.round(pause * (0.5 + random() / 2));
    return age + delay > giveUpAfter ? null : delay;
  };
}

/** So many attempts in all, after pauses that begin with `firstPause` (ms) and double. */
export function attempts(count: number, firstPause: number): RetryPolicy {
  return (attempt) => (attempt >= count ? null : firstPause * 2 ** (attempt - 1));
}

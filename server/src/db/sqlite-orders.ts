import type { WriteResult, WriteStep } from './write-unit.js';
import { WriteRefused, WriteStale } from './write-unit.js';

/** What the process and its database threads say to each other; all of it can be cloned. */
export interface PlainStatement {
  sql: string;
  parameters: readonly unknown[];
}

export type PlainStep = PlainStatement & Pick<WriteStep, 'whenUnchanged'>;

/** An order gets exactly one answer with its number. */
export interface Order {
  number: number;
  /** Units for one transaction; the answer is `PlainOutcome[]`. */
  commit?: PlainStep[][];
  /** The answer is its rows. */
  read?: PlainStatement;
}

/** An answer without an order: the thread is ready (number 0). */
export interface Answer {
  number: number;
  result?: unknown;
  error?: PlainError;
}

export type PlainOutcome = { result: WriteResult } | { error: PlainError };

/** An error keeps its class and code on its way between threads. */
export interface PlainError {
  name: string;
  message: string;
  code?: string;
}

export function toPlainError(error: unknown): PlainError {
  const { name, message, code } = error as Error & { code?: string };
  return { name, message, ...(code !== undefined && { code }) };
}

export function fromPlainError({ name, message, code }: PlainError): Error {
  if (name === 'WriteRefused') return new WriteRefused();
  if (name === 'WriteStale') return new WriteStale();
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });
}

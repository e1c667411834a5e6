import { writeSync } from 'node:fs';

/** Places in the program where the crash harness may let it die, in the order of the data. */
export const CRASH_POINTS = [
  // Inward: a stanza of WhatsApp becomes rows.
  'after-decrypt',
  'after-commit',
  'before-receipt',
  'after-receipt',
  // Outward: from the API to WhatsApp.
  'after-accept',
  'after-handed-over',
  'before-stanza',
  'after-stanza',
  'after-ack-recorded',
  // To programs.
  'before-webhook-call',
  'after-webhook-call',
  'after-responder',
  'after-cursor-read',
  'before-cursor-advance',
  // From an approval to what comes of it.
  'before-ingest-noted',
  'before-index-noted',
  'before-forward-accepted',
  // From one database to another.
  'before-batch-moved',
  'after-batch-moved',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

export interface CrashAt {
  name: CrashPoint;
  /** Dies when it comes there for the n-th time, from 1. */
  hit: number;
}

let armed: CrashAt | undefined;

/** Once at start; without it every crash point does nothing. */
export function armCrashPoint(at: CrashAt | undefined): void {
  armed = at && { ...at };
}

/** Whether the process is to die at this point, for places that need preparation. */
export function isArmed(name: CrashPoint): boolean {
  return armed?.name === name;
}

/** Dies here by SIGKILL, with nothing flushed or closed, if the harness asked for it. */
export function crashPoint(name: CrashPoint): void {
  if (armed?.name !== name) return;
  armed.hit -= 1;
  if (armed.hit > 0) return;
  // Synchronous: the process is gone with the next statement.
  writeSync(2, `crash point ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}

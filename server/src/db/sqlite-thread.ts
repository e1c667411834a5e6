import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './sqlite-connection.js';
import type { Answer, Order, PlainOutcome, PlainStep } from './sqlite-orders.js';
import { toPlainError } from './sqlite-orders.js';
import type { WriteResult } from './write-unit.js';
import { verdict } from './write-unit.js';

/**
 * A thread with one connection to the database file: a commit waits for the disk, a search reads
 * many pages, and neither may hold up the event loop of the process.
 */
export interface ThreadSettings {
  path: string;
  /** Pages held in memory. */
  cacheKb: number;
  writes: boolean;
}

const UNIT = { begin: 'savepoint unit', keep: 'release unit', undo: 'rollback to unit' };

function answer({ number, commit: units, read }: Order): Answer {
  try {
    if (units) return { number, result: commit(units) };
    return { number, result: read && connection.all(read) };
  } catch (error) {
    return { number, error: toPlainError(error) };
  }
}

function commit(units: PlainStep[][]): PlainOutcome[] {
  try {
    return connection.transaction(() => units.map((unit) => ({ result: runSteps(unit) })));
  } catch (error) {
    if (units.length === 1) return [{ error: toPlainError(error) }];
  }
  // One of them failed, which is rare: once more, each by itself, so that the others go through.
  return connection.transaction(() => units.map(runAlone));
}

function runAlone(unit: PlainStep[]): PlainOutcome {
  run(UNIT.begin);
  try {
    const result = runSteps(unit);
    run(UNIT.keep);
    return { result };
  } catch (error) {
    if (!connection.inTransaction) throw error;
    run(UNIT.undo);
    run(UNIT.keep);
    return { error: toPlainError(error) };
  }
}

function runSteps(unit: PlainStep[]): WriteResult {
  const changes: number[] = [];
  for (const step of unit) {
    const changed = connection.run(step);
    changes.push(changed);
    if (verdict(step, changed) === 'stop') return { applied: false, changes };
  }
  return { applied: true, changes };
}

const run = (sql: string) => connection.run({ sql, parameters: [] });

const { path, cacheKb, writes } = workerData as ThreadSettings;
const connection = new SqliteConnection(path, cacheKb);
if (!writes) connection.onlyRead();

parentPort?.on('message', (orders: Order[] | 'close') => {
  if (orders === 'close') {
    connection.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(orders.map(answer));
  }
});
parentPort?.postMessage([{ number: 0 }] satisfies Answer[]);

import { howItEnded, startProgram } from './program.mjs';

/** The pause before a worker that died is started again doubles up to this (ms). */
const LONGEST_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 500;
/** Who ran for so long has not died of its start. */
const STABLE_MS = 60_000;

/**
 * Runs worker processes of the server and keeps them running: one that ends is started again, after
 * a pause that grows as long as it ends soon.
 * @param {number} count
 * @param {string} file the server
 * @param {object} options as for `startProgram`
 * @returns {{ stop(graceMs: number): Promise<object[]>, kill(): void }}
 */
export function runWorkers(count, file, options) {
  const workers = Array.from({ length: count }, (_, index) =>
    keepRunning(`Worker ${index + 1}`, file, {
      ...options,
      env: { ...options.env, ROLE: 'worker', PORT: '0', HOST: '127.0.0.1', ADVERTISED_URL: '' },
    }),
  );
  return {
    stop: (graceMs) => Promise.all(workers.map((worker) => worker.stop(graceMs))),
    kill: () => {
      for (const worker of workers) worker.kill();
    },
  };
}

function keepRunning(name, file, options) {
  let program;
  let timer;
  let pause = FIRST_PAUSE_MS;
  let stopping = false;
  const start = () => {
    const startedAt = performance.now();
    program = startProgram(name, file, options);
    program.exited.then((how) => {
      if (stopping) return;
      if (performance.now() - startedAt > STABLE_MS) pause = FIRST_PAUSE_MS;
      console.error(`${name} has stopped by itself (${howItEnded(how)}); it is started again.`);
      timer = setTimeout(start, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  };
  start();
  return {
    stop: (graceMs) => {
      stopping = true;
      clearTimeout(timer);
      return program.stop(graceMs);
    },
    kill: () => program.child.kill('SIGKILL'),
  };
}

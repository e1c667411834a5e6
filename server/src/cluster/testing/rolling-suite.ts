import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatabaseName } from '../../testing/databases.js';
import { RollingRestart } from './rolling-restart.js';

/** Every process is restarted so many times, under the traffic of so many sessions. */
export function rollingRestarts(name: DatabaseName, { sessions, rounds }: Record<string, number>) {
  let restart: RollingRestart;

  beforeAll(async () => {
    restart = await RollingRestart.start(name, sessions as number);
  }, 120_000);
  afterAll(() => restart?.stop());

  it('nobody notices that every process is restarted: no request fails, nothing is lost or doubled', async () => {
    await restart.begin();
    for (let round = 0; round < (rounds as number); round += 1) await restart.restartAll();
    await restart.end();
    const { requests, retries, connections, sent, written, heard } = restart;
    const why = retries.map(({ method, path, error }) => `${method} ${path}: ${error.message}`);
    process.stderr.write(
      `${requests} requests, ${retries.length} tried again, ${connections} WebSockets, ` +
        `${sent.length} messages out, ${written.length} in\n${why.map((line) => `  ${line}\n`).join('')}`,
    );
    expect(restart.failures).toEqual([]);
    // Those that leave: each once at the phone.
    const deliveries = (await restart.arrived()).map(({ deliveries: count }) => count);
    expect(deliveries).toEqual(sent.map(() => 1));
    // The WebSocket has told what the log has, in its order, with no gap and nothing twice.
    const log = await restart.log();
    expect(heard.map(({ position }) => position)).toEqual(
      log.slice(0, heard.length).map(({ position }) => position),
    );
    const told = restart.heardMessages();
    expect(told.length).toBe(new Set(told).size);
    const calls = restart.receiver.taken.map(({ eventId }) => eventId);
    expect(calls.length).toBe(new Set(calls).size);
    expect(restart.receiver.faults).toEqual([]);
  }, 600_000);
}

import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { reachableAddress } from './cluster/reachable-address.js';
import { readConfig, useTemporaryFolder } from './config.js';
import { armCrashPoint } from './crash-point.js';
import { buildHouse } from './house.js';
import { createServer } from './http/server.js';
import { seenOff, stopServing } from './http/stop-serving.js';
import { createLogger } from './logging.js';
import { StartError } from './start-error.js';
import { switchOff } from './unsafe.js';

/** A stop that takes longer than this is cut off (ms); where sessions go to other processes there may be many. */
const STOP_WITHIN = { alone: 9000, shared: 20_000 };

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger({
    level: config.engineDebug ? 'trace' : config.logLevel,
    format: config.logFormat,
  });
  armCrashPoint(config.crashAt);
  switchOff(config.unsafe);
  if (config.unsafe.length > 0) {
    logger.warn({ off: config.unsafe }, 'UNSAFE: this server loses or doubles messages on purpose');
  }
  const { version } = createRequire(import.meta.url)('#package') as { version: string };

  const house = await buildHouse(config, logger, version);
  useTemporaryFolder(emptied(join(house.database.ownFolder, 'temp')));
  const app = await createServer(house, logger, version);
  await app.listen(config.port, config.host);
  const address = (await app.getUrl()).replace('[::1]', '127.0.0.1');

  const isWorker = config.role === 'worker';
  if (house.instanceKey.generated) {
    const key = house.instanceKey.generated;
    process.stdout.write(`API key, shown only this once: ${key}\n`);
    process.stdout.write(`Sign in by opening ${address}/sign-in#${key}\n`);
  }
  if (!isWorker && (await house.users.none())) {
    const token = house.instanceKey.setUpToken();
    process.stdout.write(`Create the first admin by opening ${address}/setup#${token}\n`);
  }
  process.stdout.write(`${isWorker ? 'A worker' : 'Patchbay'} is listening on ${address}\n`);

  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ why }, 'stopping');
    setTimeout(
      () => {
        logger.error('stopping took too long; cut off');
        process.exit(1);
      },
      house.cluster.isShared ? STOP_WITHIN.shared : STOP_WITHIN.alone,
    ).unref();
    await house.handOver();
    if (house.cluster.isShared) await seenOff(app, house.streams);
    await stopServing(app, house);
    await house.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
  // Started by a parent with a channel (npm start): no parent, no server.
  process.on('disconnect', () => void stop('parent gone'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));

  await house.start(reachableAddress(address));
  await house.supervisor.restore(config.restoreConcurrency);
}

/** A folder without what a killed process left in it. */
function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

main().catch((error) => {
  const text = error instanceof StartError ? error.message : (error?.stack ?? String(error));
  process.stderr.write(`Patchbay cannot start.\n${text}\n`);
  process.exit(1);
});

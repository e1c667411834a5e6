import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.js';

const USAGE = `A WhatsApp of your own, on the loopback interface.

  --port N     websocket, control API and phone page (default 3100)
  --data DIR   where the world is kept (default ~/.patchbay-sandbox)
  --empty      start a new world without the three phones that it gets otherwise
  --witness F  note what every client says, as it arrives, in this file
  --help`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3100' },
      data: { type: 'string', default: join(homedir(), '.patchbay-sandbox') },
      empty: { type: 'boolean', default: false },
      witness: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  const sandbox = await startSandbox({
    dataDir: values.data,
    port,
    seed: !values.empty,
    ...(values.witness !== undefined && { witness: values.witness }),
  });
  console.log(`Sandbox is listening on ${sandbox.controlUrl} (${sandbox.wsUrl})`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    sandbox.stop().then(
      () => process.exit(0),
      (error: Error) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(error: NodeJS.ErrnoException): never {
  const taken = error.code === 'EADDRINUSE' ? ' Stop what listens there, or choose --port.' : '';
  console.error(`The sandbox cannot run: ${error.message}.${taken}`);
  process.exit(1);
}

main().catch(fail);

import path from 'node:path';
import { environment, fail, requireNode } from './environment.mjs';
import { whyNotFree } from './free-port.mjs';
import { prepare, root } from './prepare.mjs';
import { howItEnded } from './program.mjs';
import { startSandbox } from './sandbox-program.mjs';
import { OptionError, parse, port } from './start-options.mjs';
import { onStopSignal } from './stop-signals.mjs';

const HELP = `Usage: npm run sandbox -- [options]

Starts the sandbox alone: a WhatsApp of our own with simulated phones, for any Baileys program.

  --port <number>  port of its page, control API and socket  (SANDBOX_PORT, default 3100)
  --data <folder>  where its world is kept                    (default <STORAGE_ROOT>/sandbox)
  --help           this text`;

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

const GRACE_MS = 9000;

requireNode();
const env = environment(root);
const options = read();
const why = await whyNotFree(options.port, '127.0.0.1');
if (why) fail(`Port ${options.port} ${why}. Choose another: npm run sandbox -- --port 3101`);
prepare(['sandbox']);

const program = startSandbox(env, options.data, options.port);
let stopping = false;
onStopSignal(
  async () => {
    stopping = true;
    const how = await program.stop(GRACE_MS);
    process.exit(how.signal === 'SIGKILL' ? 1 : 0);
  },
  () => {
    program.child.kill('SIGKILL');
    process.exit(1);
  },
);
program.exited.then((how) => {
  if (!stopping) fail(`The sandbox has stopped by itself (${howItEnded(how)}).`);
});

function read() {
  try {
    const given = parse(process.argv.slice(2), OPTIONS, 'npm run sandbox');
    if (given.help) {
      console.log(HELP);
      process.exit(0);
    }
    const cwd = process.env.INIT_CWD ?? process.cwd();
    return {
      port: port(given.port ?? env.SANDBOX_PORT ?? '3100', given.port ? '--port' : 'SANDBOX_PORT'),
      data: given.data
        ? path.resolve(cwd, given.data)
        : path.resolve(root, env.STORAGE_ROOT || 'storage', 'sandbox'),
    };
  } catch (error) {
    if (error instanceof OptionError) return fail(error.message);
    throw error;
  }
}

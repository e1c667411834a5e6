import { createRequire } from 'node:module';
import path from 'node:path';
import { environment, fail, requireNode } from './environment.mjs';
import { whyNotFree } from './free-port.mjs';
import { prepare, root } from './prepare.mjs';
import { howItEnded, startProgram } from './program.mjs';
import { sandboxEnvironment, startSandbox } from './sandbox-program.mjs';
import { OptionError, readStartOptions, START_HELP } from './start-options.mjs';
import { onStopSignal } from './stop-signals.mjs';
import { runWorkers } from './workers.mjs';

// The server finishes what is in flight first (it cuts itself off after nine seconds); the sandbox
// keeps its world in a database and needs no time. Together they stay below ten seconds. Workers
// let requests end and sessions go to others first, and cut themselves off after twenty.
const SERVER_GRACE_MS = 9200;
const WORKERS_GRACE_MS = 20_500;
const SANDBOX_GRACE_MS = 600;

const { nodeFlags } = createRequire(import.meta.url)('../server/package.json').config;

requireNode();
const env = environment(root);
const options = read();
if (options.help) {
  console.log(START_HELP);
  process.exit(0);
}
await requirePort(options.port, options.host, '--port');
if (options.sandbox) await requirePort(options.sandboxPort, '127.0.0.1', '--sandbox-port');
prepare(options.sandbox ? ['server', 'web', 'sandbox'] : ['server', 'web']);

const programs = [];
let workers;
let stopping = false;
onStopSignal(stop, kill);

const serverEnv = { ...env, PORT: String(options.port), STORAGE_ROOT: options.data };
if (options.sandbox) {
  // To try webhooks with a program on this machine; the operator's own list wins.
  serverEnv.ALLOW_PRIVATE_TARGETS ??= '127.0.0.1,::1';
  Object.assign(serverEnv, await sandbox());
} else if (env.SANDBOX_URL) {
  Object.assign(serverEnv, await sandboxEnvironment(env.SANDBOX_URL).catch(giveUp));
}
if (!stopping) await startServer(path.join(root, 'server/bundle/main.js'));

/** One process that does everything, or the one that others ask and, when that is there, its workers. */
async function startServer(file) {
  const common = { nodeFlags, env: serverEnv, cwd: root };
  if (options.workers === 0) return watch(startProgram('The server', file, common));
  const server = startProgram('The server', file, {
    ...common,
    env: { ...serverEnv, ROLE: 'api' },
    readLine: /^Patchbay is listening on (\S+)/,
  });
  watch(server);
  // It makes the key file and brings the database up to date, once for all.
  if ((await server.ready) && !stopping) workers = runWorkers(options.workers, file, common);
}

function read() {
  try {
    return readStartOptions(process.argv.slice(2), env, {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      root,
    });
  } catch (error) {
    if (error instanceof OptionError) return fail(error.message);
    throw error;
  }
}

async function requirePort(port, host, option) {
  const why = await whyNotFree(port, host);
  if (!why) return;
  const other = port < 65_535 ? port + 1 : 0;
  fail(
    `Port ${port} on ${host} ${why}. Stop that program, or choose another port: npm start -- ${option} ${other}`,
  );
}

/** Starts the sandbox; resolves with what the server needs to know of it. */
async function sandbox() {
  const program = startSandbox(env, path.join(options.data, 'sandbox'), options.sandboxPort);
  watch(program);
  const url = await program.ready;
  if (!url) return {};
  try {
    return await sandboxEnvironment(url);
  } catch (error) {
    return giveUp(error);
  }
}

async function giveUp(error) {
  console.error(error.message);
  await stop(1);
}

/** One program's end is everyone's end. */
function watch(program) {
  programs.push(program);
  program.exited.then((how) => {
    if (stopping) return;
    console.error(`${program.name} has stopped by itself (${howItEnded(how)}).`);
    stop(1);
  });
}

/** Last started, first stopped: the server may still have words for the sandbox. */
async function stop(exitCode = 0) {
  if (stopping) return;
  stopping = true;
  let code = typeof exitCode === 'number' ? exitCode : 0;
  const handedOver = workers?.stop(WORKERS_GRACE_MS);
  const serverGrace = workers ? WORKERS_GRACE_MS : SERVER_GRACE_MS;
  for (const program of [...programs].reverse()) {
    const grace = program.name === 'The server' ? serverGrace : SANDBOX_GRACE_MS;
    const how = await program.stop(grace);
    if (how.signal === 'SIGKILL' && code === 0) {
      console.error(`${program.name} did not stop within ${grace / 1000} s and was killed.`);
      code = 1;
    }
  }
  await handedOver;
  process.exit(code);
}

function kill() {
  workers?.kill();
  for (const { child } of programs) child.kill('SIGKILL');
  process.exit(1);
}

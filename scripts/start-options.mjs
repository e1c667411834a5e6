import path from 'node:path';
import { parseArgs } from 'node:util';

export const START_HELP = `Usage: npm start -- [options]

Installs and builds what is missing, then starts Patchbay on one port.

  --port <number>          port of the pages and the API         (PORT, default 3000)
  --data <folder>          where everything is kept              (STORAGE_ROOT, default ./storage)
  --workers <number>       run the sessions in so many processes of their own beside the one that
                           serves pages and API; needs PostgreSQL               (WORKERS)
  --sandbox                talk to a WhatsApp of our own with simulated phones instead of the
                           real one; no phone and no internet are needed      (SANDBOX=1)
  --sandbox-port <number>  port of the sandbox                   (SANDBOX_PORT, default 3100)
  --help                   this text

Every other setting comes from the environment or the file .env: docs/configuration.md`;

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  workers: { type: 'string' },
  sandbox: { type: 'boolean' },
  'sandbox-port': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

/** A mistake in the options; the message is for the person who typed them. */
export class OptionError extends Error {}

/**
 * What `npm start` was asked for: options first, then the environment, then defaults.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env the environment, `.env` already merged in
 * @param {{ cwd: string, root: string }} folders relative `--data` starts at cwd, STORAGE_ROOT at root
 */
export function readStartOptions(args, env, { cwd, root }) {
  const given = parse(args, OPTIONS);
  const sandboxWord = (env.SANDBOX ?? '').toLowerCase();
  return {
    help: given.help ?? false,
    port: port(given.port ?? env.PORT ?? '3000', given.port ? '--port' : 'PORT'),
    host: env.HOST || '127.0.0.1',
    data: given.data
      ? path.resolve(cwd, given.data)
      : path.resolve(root, env.STORAGE_ROOT || env.WHATSAPP_SESSION_PATH || 'storage'),
    workers: workers(given.workers ?? env.WORKERS ?? '0', env),
    sandbox: given.sandbox ?? ['1', 'true', 'yes'].includes(sandboxWord),
    sandboxPort: port(
      given['sandbox-port'] ?? env.SANDBOX_PORT ?? '3100',
      given['sandbox-port'] ? '--sandbox-port' : 'SANDBOX_PORT',
    ),
  };
}

/** @returns {number} 0: one process does everything */
function workers(text, env) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 64) {
    throw new OptionError(`--workers must be a number from 0 to 64, not "${text}"`);
  }
  if (number > 0 && !env.DATABASE_URL) {
    throw new OptionError(
      '--workers needs PostgreSQL, which several processes can share: set DATABASE_URL. ' +
        'With the embedded database one process does everything.',
    );
  }
  return number;
}

/** Strict parsing with messages that say what to type instead. */
export function parse(args, options, command = 'npm start') {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    // Node's first sentence names the option; what follows explains positionals, which we have none of.
    const first = error.message.split('. ')[0];
    throw new OptionError(`${first}. See: ${command} -- --help`);
  }
}

/** @returns {number} 0 lets the system choose */
export function port(text, name) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) {
    throw new OptionError(`${name} must be a port number from 0 to 65535, not "${text}"`);
  }
  return number;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_WITHIN_MS = 45_000;
const STOP_WITHIN_MS = 15_000;

/** The whole product, started as a user starts it, with a world of its own. */
export interface Product {
  /** e.g. `http://127.0.0.1:40123` */
  url: string;
  /** The link that signs a browser in: `<url>/sign-in#<key>`. */
  signInLink: string;
  apiKey: string;
  /** The sandbox's control API and phone page. */
  sandboxUrl: string;
  stop(): Promise<void>;
}

/**
 * `npm start -- --sandbox` on free ports and in an empty folder; resolves with the ready line.
 * @throws what the program printed, when it ends or says nothing in time
 */
export async function startProduct(): Promise<Product> {
  const data = await mkdtemp(path.join(tmpdir(), 'patchbay-e2e-'));
  const options = ['--sandbox', '--port', '0', '--sandbox-port', '0', '--data', data];
  const { API_KEY: _, ...env } = process.env;
  const program = spawn(process.execPath, ['scripts/start.mjs', ...options], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = await readyOutput(program);
  const find = (pattern: RegExp) => {
    const found = pattern.exec(printed)?.[1];
    if (!found) throw new Error(`The program did not print ${pattern}:\n${printed}`);
    return found;
  };
  const signInLink = find(/(http:\/\/\S+\/sign-in#\S+)/);
  return {
    url: find(/Patchbay is listening on (\S+)/),
    signInLink,
    apiKey: decodeURIComponent(new URL(signInLink).hash.slice(1)),
    sandboxUrl: find(/Sandbox is listening on (http:\S+)/),
    async stop() {
      await stop(program);
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function readyOutput(program: ChildProcess): Promise<string> {
  let printed = '';
  return await new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}. It printed:\n${printed}`));
    const late = setTimeout(() => {
      program.kill('SIGKILL');
      fail(`Patchbay was not ready after ${START_WITHIN_MS / 1000} s`);
    }, START_WITHIN_MS);
    const read = (chunk: Buffer) => {
      printed += chunk;
      if (!/^Patchbay is listening on /m.test(printed)) return;
      clearTimeout(late);
      resolve(printed);
    };
    program.stdout?.on('data', read);
    program.stderr?.on('data', read);
    program.once('exit', (code) => {
      clearTimeout(late);
      fail(`Patchbay ended with code ${code} before it was ready`);
    });
  });
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  const late = setTimeout(() => program.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

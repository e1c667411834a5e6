import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureLog, LOG_SETTINGS } from './captured-logs.js';
import { databaseOfItsOwn } from './database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_WITHIN_MS = 45_000;
const STOP_WITHIN_MS = 15_000;

/** The whole product, started as a user starts it, with a world of its own. */
export interface Product {
  /** e.g. `http://127.0.0.1:40123` */
  url: string;
  /** The link that signs a browser in: `<url>/sign-in#<key>`. */
  signInLink: string;
  /** Where the first admin is made: `<url>/setup#<token>`. */
  setUpLink: string;
  apiKey: string;
  /** The sandbox's control API and phone page. */
  sandboxUrl: string;
  stop(): Promise<void>;
}

/** The same link, on to a page of ours, e.g. `/accounts`. */
export function signInTo({ signInLink }: Product, path: string): string {
  return signInLink.replace('#', `?next=${encodeURIComponent(path)}#`);
}

/** One whose server can be killed and started again, while WhatsApp (its sandbox) goes on. */
export interface MortalProduct extends Product {
  /** SIGKILL: nothing is finished or said. */
  kill(): Promise<void>;
  /** On the same port, with the same data. */
  startAgain(): Promise<void>;
}

const READY = /^Patchbay is listening on /m;

/**
 * `npm start -- --sandbox` on free ports and in an empty folder; resolves with the ready line.
 * @param settings further variables of its environment
 * @throws what the program printed, when it ends or says nothing in time
 */
export async function startProduct(settings: NodeJS.ProcessEnv = {}): Promise<Product> {
  const data = await mkdtemp(path.join(tmpdir(), 'patchbay-e2e-'));
  const options = ['--sandbox', '--port', '0', '--sandbox-port', '0', '--data', data];
  const database = await databaseOfItsOwn();
  const program = run('start', options, { ...database.settings, ...settings });
  const printed = await readyOutput(program, READY);
  return {
    ...said(printed, printed),
    async stop() {
      await stop(program);
      await database.drop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The same, with the sandbox as a program of its own. */
export async function startMortalProduct(): Promise<MortalProduct> {
  const data = await mkdtemp(path.join(tmpdir(), 'patchbay-e2e-'));
  const world = run('sandbox', ['--port', '0', '--data', path.join(data, 'sandbox')]);
  const worldPrinted = await readyOutput(world, /^Sandbox is listening on /m);
  const SANDBOX_URL = found(worldPrinted, /Sandbox is listening on (http:\S+)/);
  const database = await databaseOfItsOwn();
  const settings = { ...database.settings, SANDBOX_URL };
  const begin = (port: string) => run('start', ['--port', port, '--data', data], settings);
  let program = begin('0');
  const product = said(await readyOutput(program, READY), worldPrinted);
  return {
    ...product,
    async kill() {
      const ended = once(program, 'exit');
      process.kill(-(program.pid as number), 'SIGKILL');
      await ended;
    },
    async startAgain() {
      program = begin(new URL(product.url).port);
      await readyOutput(program, READY);
    },
    async stop() {
      await stop(program);
      await stop(world);
      await database.drop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A script of the project, in a process group of its own. */
function run(script: string, options: string[], settings: NodeJS.ProcessEnv = {}): ChildProcess {
  const { API_KEY: _, ...env } = process.env;
  const program = spawn(process.execPath, [`scripts/${script}.mjs`, ...options], {
    cwd: ROOT,
    env: { ...env, ...LOG_SETTINGS, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (script === 'start') {
    for (const stream of [program.stdout, program.stderr]) {
      stream?.on('data', (data) => captureLog(String(data)));
    }
  }
  return program;
}

function found(printed: string, pattern: RegExp): string {
  const [, text] = pattern.exec(printed) ?? [];
  if (!text) throw new Error(`The program did not print ${pattern}:\n${printed}`);
  return text;
}

/** What the server and the sandbox print of how to reach them. */
function said(server: string, sandbox: string): Omit<Product, 'stop'> {
  const signInLink = found(server, /(http:\/\/\S+\/sign-in#\S+)/);
  return {
    url: found(server, /Patchbay is listening on (\S+)/),
    signInLink,
    setUpLink: found(server, /(http:\/\/\S+\/setup#\S+)/),
    apiKey: decodeURIComponent(new URL(signInLink).hash.slice(1)),
    sandboxUrl: found(sandbox, /Sandbox is listening on (http:\S+)/),
  };
}

async function readyOutput(program: ChildProcess, ready: RegExp): Promise<string> {
  let printed = '';
  return await new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}. It printed:\n${printed}`));
    const late = setTimeout(() => {
      program.kill('SIGKILL');
      fail(`Patchbay was not ready after ${START_WITHIN_MS / 1000} s`);
    }, START_WITHIN_MS);
    const read = (chunk: Buffer) => {
      printed += chunk;
      if (!ready.test(printed)) return;
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

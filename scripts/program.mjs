import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Node 22 and later keep compiled code there, which makes a start some tenths of a second shorter.
const COMPILE_CACHE = fileURLToPath(new URL('../.cache/compiled', import.meta.url));
const STOP_WITH_PARENT = new URL('stop-with-parent.mjs', import.meta.url).href;

/**
 * Starts a Node program as a child that ends with us, in a process group of its own, so that a
 * Ctrl-C in the terminal reaches only us and we decide who stops first.
 * @param {string} name what messages call it
 * @param {string} file its main file
 * @param {{ args?: string[], nodeFlags?: string[], env?: NodeJS.ProcessEnv, cwd?: string, readLine?: RegExp }} options
 *   `readLine`: the program's output is read for this line (and passed on); group 1 is its address
 */
export function startProgram(
  name,
  file,
  { args = [], nodeFlags = [], env = process.env, cwd, readLine } = {},
) {
  const child = spawn(
    process.execPath,
    [...nodeFlags, '--import', STOP_WITH_PARENT, file, ...args],
    {
      cwd,
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', readLine ? 'pipe' : 'inherit', 'inherit', 'ipc'],
    },
  );
  // What goes wrong with the channel itself shows as the program's exit.
  child.on('error', () => {});
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ name, code, signal }));
    child.once('error', (error) => resolve({ name, code: null, signal: null, error }));
  });
  const ready = readLine ? whenReady(child, readLine, exited) : Promise.resolve(undefined);
  return { name, child, exited, ready, stop: (graceMs) => stop(child, exited, graceMs) };
}

/** Resolves with the address in the ready line, or undefined when the program ended before. */
function whenReady(child, readLine, exited) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line);
      const match = readLine.exec(line);
      if (match) resolve(match[1]);
    });
    exited.then(() => resolve(undefined));
  });
}

/** SIGTERM, and SIGKILL when the program is still there after the grace time. */
async function stop(child, exited, graceMs) {
  if (child.exitCode !== null || child.signalCode !== null) return exited;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  const how = await exited;
  clearTimeout(timer);
  return how;
}

/** How a program ended, for people: "exit code 1", "SIGKILL". */
export function howItEnded({ code, signal, error }) {
  if (error) return error.message;
  return signal ?? `exit code ${code}`;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { howItEnded, startProgram } from './program.mjs';

const listener = (onSigterm) => `
  process.on('SIGTERM', () => {${onSigterm}});
  setInterval(() => {}, 1000);
  console.log('Listener is listening on http://127.0.0.1:' + process.pid);
`;

let folder;
const file = (name) => path.join(folder, name);
const readLine = /listening on (http:\/\/\S+)/;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'program-'));
  writeFileSync(file('listener.mjs'), listener('process.exit(0)'));
  writeFileSync(file('failing.mjs'), 'process.exit(3)');
  writeFileSync(file('deaf.mjs'), listener(''));
  const program = new URL('program.mjs', import.meta.url).href;
  writeFileSync(
    file('parent.mjs'),
    `import { startProgram } from ${JSON.stringify(program)};
     startProgram('child', ${JSON.stringify(file('listener.mjs'))}, { readLine: ${readLine} });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

it('gives the address of the ready line, and stops on SIGTERM', async () => {
  const program = startProgram('it', file('listener.mjs'), { readLine });
  expect(await program.ready).toBe(`http://127.0.0.1:${program.child.pid}`);
  expect(await program.stop(5000)).toMatchObject({ code: 0 });
});

it('tells how a program ended by itself', async () => {
  const program = startProgram('it', file('failing.mjs'), { readLine });
  expect(await program.ready).toBeUndefined();
  expect(howItEnded(await program.exited)).toBe('exit code 3');
});

it('kills a program that does not stop in its time', async () => {
  const program = startProgram('it', file('deaf.mjs'), { readLine });
  await program.ready;
  expect(await program.stop(50)).toMatchObject({ signal: 'SIGKILL' });
});

it('leaves nothing behind when the parent is killed', async () => {
  const parent = spawn(process.execPath, [file('parent.mjs')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [line] = await once(parent.stdout, 'data');
  const child = Number(/:(\d+)\s*$/.exec(String(line))[1]);
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(child), { timeout: 5000 }).toBe(false);
});

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// Runs the README's curl lines against a fresh `npm start -- --sandbox`, on free ports in place of the
// ones that they name, and checks that the simulated customer has got the answer.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const API_KEY = 'let-me-try-patchbay';
const ANSWER = 'Yes, three of them.';
const SERVER = 'http://127.0.0.1:3000';
const SANDBOX = 'http://127.0.0.1:3100';

const readme = readFileSync('README.md', 'utf8');
const block = /The CI run executes this block[^\n]*\n```sh\n(.*?)```/s.exec(readme)?.[1];
if (!block?.includes(ANSWER)) throw new Error('The block of curl lines is not in README.md');

const data = mkdtempSync(path.join(tmpdir(), 'patchbay-readme-'));
const start = spawn(
  'npm',
  ['start', '--', '--sandbox', '--port=0', '--sandbox-port=0', '--data', data],
  {
    env: { ...process.env, API_KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const ended = new Promise((resolve) => start.once('exit', (code) => resolve(code)));
let problem;
try {
  const urls = await addresses(start);
  const lines = block.replaceAll(SERVER, urls.server).replaceAll(SANDBOX, urls.sandbox);
  const { stdout, status } = spawnSync('bash', ['-e', '-c', lines], { encoding: 'utf8' });
  console.log(stdout.replace(/data:image[^"]+/g, 'data:...'));
  if (status !== 0) throw new Error(`The lines ended with exit code ${status}`);
  await answerArrives(`${urls.sandbox}/api/phones/99900000102/messages`);
} catch (error) {
  problem = error.message;
}
start.kill('SIGTERM');
const code = await ended;
rmSync(data, { recursive: true, force: true });
if (code !== 0) problem ??= `npm start ended with exit code ${code} on SIGTERM`;
if (problem) {
  console.error(problem);
  process.exit(1);
}
console.log('The customer has got the answer.');

/** The two addresses that `npm start` prints; rejects when it ends or is silent instead. */
async function addresses(child) {
  const late = AbortSignal.timeout(180_000);
  late.addEventListener('abort', () => child.kill('SIGTERM'));
  const found = {};
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    console.log(line);
    const [, name, url] = /^(Sandbox|Patchbay) is listening on (http:\/\/\S+)/.exec(line) ?? [];
    if (name === 'Sandbox') found.sandbox = url;
    if (name === 'Patchbay') {
      child.stdout.resume();
      return { ...found, server: url };
    }
  }
  throw new Error('npm start has printed no ready line');
}

async function answerArrives(url) {
  const until = Date.now() + 15_000;
  while (Date.now() < until) {
    const { messages } = await (await fetch(url)).json();
    if (messages.some(({ text }) => text === ANSWER)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The answer did not reach the customer within 15 s');
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../prepare.mjs';

const API_KEY = 'only-for-this-moment';

/** The OpenAPI document of the server, asked of one that runs for this moment in an empty folder. */
export async function openApiDocument() {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-generate-'));
  const { PATH, HOME } = process.env;
  const server = spawn(process.execPath, [path.join(root, 'server/bundle/main.js')], {
    cwd: folder,
    env: { PATH, HOME, PORT: '0', API_KEY, STORAGE_ROOT: folder, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    const url = await addressOf(server, ended);
    const answer = await fetch(`${url}/api/openapi.json`, { headers: { 'x-api-key': API_KEY } });
    return await answer.json();
  } finally {
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function addressOf(server, ended) {
  const ready = new Promise((resolve) => {
    let printed = '';
    server.stdout.on('data', (data) => {
      printed += data;
      const url = / is listening on (http:\/\/\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([ready, ended]);
  if (typeof url !== 'string') throw new Error('the server did not start');
  return url;
}

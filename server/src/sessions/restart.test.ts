import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { RemoteApi } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { environmentFor } from '../testing/test-server.js';

const SESSIONS = process.env.TEST_LONG ? 20 : 8;

/** Server and sandbox as processes of their own, killed and started again on what they left. */
describe.each(longOn('postgres'))('after SIGKILL on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-restart-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let sandboxProcess: TestProcess;
  let server: RemoteApi;
  let serverProcess: TestProcess;
  let port = '0';
  const phones: string[] = [];

  const startSandboxProcess = async () => {
    const args = ['--port', port, '--data', join(folder, 'sandbox'), '--empty'];
    const started = await TestProcess.start('sandbox', {}, args);
    port = new URL(started.url).port;
    sandboxProcess = started.process;
    return started.url;
  };
  const startServerProcess = async () => {
    const environment = {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
    };
    const started = await TestProcess.start('server', environment);
    serverProcess = started.process;
    server = new RemoteApi(started.url);
  };
  const allConnected = async (within: number) => {
    const from = performance.now();
    await eventually(
      `${SESSIONS} connected sessions`,
      async () => {
        const { body } = await server.call<{ sessions: Session[] }>('GET', '/api/sessions');
        const up = body.sessions.filter(({ state }) => state.status === 'connected');
        return up.length === SESSIONS ? true : undefined;
      },
      within,
    );
    return performance.now() - from;
  };
  const roundTrip = async (phone: string, id: string) => {
    const text = `after ${Math.random()}`;
    const sent = await server.send(id, phones[0] as string, text);
    // What gets no ack is handed over again after 20 s, and after 40 more.
    await eventually(
      'the message arrives',
      async () =>
        (await sandbox.messagesOf(phones[0] as string)).find((message) => message.id === sent),
      75_000,
    );
    const got = await sandbox.write(phones[0] as string, { to: phone, text });
    await server.message(id, got);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.at(await startSandboxProcess());
    await startServerProcess();
    phones.push(await sandbox.phone());
    for (let n = 0; n < SESSIONS; n += 1) phones.push(await sandbox.phone());
    await Promise.all(phones.slice(1).map((phone, n) => server.linked(sandbox, `s${n}`, phone)));
  }, 60_000);
  afterAll(async () => {
    await serverProcess.kill();
    await sandboxProcess.kill();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('all sessions of the server come back with no scan', async () => {
    await serverProcess.kill();
    await startServerProcess();
    await allConnected(30_000);
    await roundTrip(phones[1] as string, 's0');
  }, 140_000);

  it('what was accepted before the death is sent once, and what came meanwhile is stored', async () => {
    const to = phones[0] as string;
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, n) => server.send(`s${n % 4}`, to, `accepted ${n}`)),
    );
    await serverProcess.kill();
    const meanwhile: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      meanwhile.push(await sandbox.write(to, { to: phones[2] as string, text: `meanwhile ${n}` }));
    }
    await startServerProcess();
    for (const id of meanwhile) await server.message('s1', id);
    const shown = await eventually(
      'all accepted messages',
      async () => {
        const messages = await sandbox.messagesOf(to);
        const got = accepted.map((id) => messages.filter((message) => message.id === id).length);
        return got.every((count) => count > 0) ? got : undefined;
      },
      40_000,
    );
    expect(shown).toEqual(accepted.map(() => 1));
  }, 90_000);

  it('of server and sandbox, both go on', async () => {
    await Promise.all([serverProcess.kill(), sandboxProcess.kill()]);
    await startSandboxProcess();
    await startServerProcess();
    await allConnected(30_000);
    await roundTrip(phones[3] as string, 's2');
  }, 140_000);

  it('of the sandbox alone, the server reconnects by itself', async () => {
    await sandboxProcess.kill();
    await startSandboxProcess();
    await allConnected(30_000);
    await roundTrip(phones[4] as string, 's3');
  }, 140_000);

  it('SIGTERM ends the server in order, without logging out', async () => {
    expect(await serverProcess.stop()).toBe(0);
    await startServerProcess();
    await allConnected(30_000);
  }, 60_000);
});

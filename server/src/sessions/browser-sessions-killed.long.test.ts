import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestProcess } from '../testing/processes.js';
import { RemoteApi } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { environmentFor } from '../testing/test-server.js';

const SESSIONS = ['one', 'two', 'three'];

/** Every process whose command line names a folder of browsers below another. */
function browsersBelow(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return command.includes(`${folder}/`) && command.includes('/browsers/');
    } catch {
      return false;
    }
  });
}

/** The server killed while sessions of it run in browsers. */
describe.each(longOn('sqlite'))('a killed server with sessions in browsers, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-browsers-killed-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let sandbox: TestSandbox;
  let running: TestProcess;
  let server: RemoteApi;
  const phones: string[] = [];
  let friend = '';

  const start = async () => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, folder),
      ...(database.url && { DATABASE_URL: database.url }),
    });
    running = started.process;
    server = new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    sandbox = await TestSandbox.start();
    friend = await sandbox.phone('Friend');
    await start();
    for (const id of SESSIONS) {
      const phone = await sandbox.phone();
      phones.push(phone);
      await server.call<SessionAnswer>('PUT', `/api/sessions/${id}`, { engine: 'wwebjs' });
      const qr = await eventually('a QR', async () => {
        const { status, body } = await server.call<{ code: string }>(
          'GET',
          `/api/sessions/${id}/qr`,
        );
        return status === 200 ? body.code : undefined;
      });
      await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr });
      await server.reaches(id, 'connected');
    }
  }, 90_000);
  afterAll(async () => {
    await running.kill();
    await eventually('no browser', () => browsersBelow(folder).length === 0 || undefined);
    await sandbox.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves no browser, connects again with no scan, and sends what it had accepted once', async () => {
    expect(browsersBelow(folder).length).toBeGreaterThan(SESSIONS.length);
    const accepted = await Promise.all(
      SESSIONS.map((id) => server.send(id, friend, `accepted by ${id}`)),
    );
    await running.kill();
    await eventually('no browser', () => browsersBelow(folder).length === 0 || undefined, 5000);
    const meanwhile = await sandbox.write(friend, {
      to: phones[0] as string,
      text: 'said to a dead server',
    });
    await start();
    for (const id of SESSIONS) await server.reaches(id, 'connected', undefined, 60_000);
    await server.message('one', meanwhile);
    await eventually(
      'all accepted messages',
      async () => {
        const got = (await sandbox.messagesOf(friend)).map((message) => message.id);
        return accepted.every((id) => got.includes(id)) || undefined;
      },
      60_000,
    );
    const got = (await sandbox.messagesOf(friend)).filter(({ id }) => accepted.includes(id));
    expect(got.map(({ deliveries }) => deliveries)).toEqual(SESSIONS.map(() => 1));
  }, 150_000);

  it('SIGTERM ends the browsers in order, without logging out', async () => {
    expect(await running.stop()).toBe(0);
    expect(browsersBelow(folder)).toEqual([]);
    const devices = await sandbox.call<{ devices: object[] }>(
      'GET',
      `/api/phones/${phones[0]}/devices`,
    );
    expect(devices.devices).toHaveLength(1);
  }, 30_000);
});

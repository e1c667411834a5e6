import v8 from 'node:v8';
import vm from 'node:vm';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const SESSIONS = 20;
const TIMES = process.env.TEST_LONG === undefined ? 60 : 200;

describe('reconnecting', () => {
  let sandbox: TestSandbox;
  let server: TestServer;
  const phones: string[] = [];
  const ids = Array.from({ length: SESSIONS }, (_, n) => `session-${n}`);

  beforeAll(async () => {
    setGlobalDispatcher(new Agent());
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: 'sqlite', times: { stableAfter: 50 } });
    for (const id of ids) {
      const phone = await sandbox.phone();
      phones.push(phone);
      await server.linked(sandbox, id, phone);
    }
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const cutAll = async () => {
    const since = async (id: string) => (await server.session(id)).state.since;
    const before = await Promise.all(ids.map(since));
    await Promise.all(
      phones.map((phone) => sandbox.call('POST', '/api/faults', { kind: 'cut', phone })),
    );
    await Promise.all(
      ids.map((id, n) =>
        eventually(
          `${id} is back`,
          async () => {
            const { state } = await server.session(id);
            // Cut before it counts as stable, a session waits longer each time.
            const settled = state.status === 'connected' && state.attempt === 0;
            return settled && state.since !== before[n] ? true : undefined;
          },
          20_000,
        ),
      ),
    );
  };

  it(`${TIMES} times leaves no socket, no listener and no memory behind`, async () => {
    // The first rounds fill caches that stay.
    for (let n = 0; n < 3; n += 1) await cutAll();
    const before = await footprint();
    expect(before.sockets).toBeGreaterThanOrEqual(2 * SESSIONS);
    for (let n = 0; n < TIMES / SESSIONS; n += 1) await cutAll();
    const after = await footprint();
    expect(after.sockets).toBe(before.sockets);
    expect(after.listeners).toBe(before.listeners);
    expect(after.heap).toBeLessThan(before.heap * 1.1);
    expect(server.house.supervisor.active()).toBe(SESSIONS);
  }, 180_000);
});

/** What a leak would make grow: open sockets, listeners of the process, the heap after a collection. */
async function footprint(): Promise<{ sockets: number; listeners: number; heap: number }> {
  // The test's own idle connections do not count.
  await getGlobalDispatcher().close();
  setGlobalDispatcher(new Agent());
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  let sockets = -1;
  await eventually('closed sockets are gone', async () => {
    const before = sockets;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    collect();
    const open = process.getActiveResourcesInfo();
    sockets = open.filter((kind) => kind === 'TCPSocketWrap').length;
    return sockets === before ? true : undefined;
  });
  const listeners = process
    .eventNames()
    .reduce((sum, name) => sum + process.listenerCount(name as NodeJS.Signals), 0);
  return { sockets, listeners, heap: process.memoryUsage().heapUsed };
}

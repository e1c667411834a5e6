import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { until } from '../testing/engine-contract-host.js';
import { EngineWorld, pn } from '../testing/engine-world.js';
import { send } from '../testing/send.js';
import { Browsers, wwebjsEngine } from './index.js';
import { WwebjsEngine } from './wwebjs-engine.js';

/** Where a Chromium that was killed on another machine has left its mark in each profile. */
class WithStaleLocks extends Browsers {
  override async newFolder(sessionId: string): Promise<string> {
    const folder = await super.newFolder(sessionId);
    await mkdir(join(folder, 'profile'), { mode: 0o700 });
    symlinkSync('elsewhere-4711', join(folder, 'profile', 'SingletonLock'));
    return folder;
  }
}

const TIMES = { readyWithin: 2500, answerWithin: 2000, lookEvery: 1000, offlineFor: 500 };
let browsersFolder = '';

const world = new EngineWorld(
  ({ server }, folder) => {
    browsersFolder = folder;
    const options = { folder, path: '/usr/bin', page: server.info.webPage };
    return wwebjsEngine(new WithStaleLocks(options), TIMES);
  },
  { speaksTheWire: false, isCostly: true },
);
beforeAll(() => world.start());
afterEach(() => world.closeEngines());
afterAll(() => world.stop());

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const processesOf = (engine: unknown) => {
  const [page, browser] = (engine as WwebjsEngine).processes;
  if (!page || !browser) throw new Error('no browser runs');
  return { page, browser };
};

/** The processes of a Chromium that show pages. */
function renderersOf(browser: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const group = Number(
          readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2],
        );
        return (
          group === browser && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('=renderer')
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Both ways, over the connection that is there. */
async function talks({ engine, friend }: Awaited<ReturnType<typeof world.linkedWithFriend>>) {
  const text = `still there ${newMessageId()}`;
  await until('a page that can send', 10_000, async () => {
    const content = { type: 'text', text } as const;
    const sent = send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    return await sent.then(
      () => true,
      () => false,
    );
  });
  await world.messageOn(friend, text);
}

describe('traps of the library', () => {
  it('rejection after navigation: a page that is loaded anew goes on', async () => {
    const linked = await world.linkedWithFriend();
    await world.fault('page_reload', linked.phone);
    await talks(linked);
    await world.fault('page_reload', linked.phone);
    await world.fault('page_reload', linked.phone);
    await talks(linked);
    await world.friendWrites(linked, 'after it was loaded anew');
    await linked.session.event('message', ({ message }) => !message.fromMe);
    expect(linked.session.count('disconnected')).toBe(0);
  });

  it('repeated ready: told once', async () => {
    const linked = await world.linkedWithFriend();
    await world.fault('page_resync', linked.phone);
    await world.friendWrites(linked, 'once');
    await linked.session.event('message');
    await talks(linked);
    expect(linked.session.count('connected')).toBe(0);
    expect(linked.session.count('message')).toBe(1);
  });

  it('crashed renderer: an end, and no scan afterwards', async () => {
    const { session, engine } = await world.linkedWithFriend();
    const renderers = renderersOf(processesOf(engine).browser);
    expect(renderers).not.toEqual([]);
    for (const pid of renderers) process.kill(pid, 'SIGKILL');
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    await talks(await world.linkedWithFriend());
  });

  it('hung renderer: questions fail in time, and it is noticed without one', async () => {
    const { session, engine, phone } = await world.linkedWithFriend();
    await world.fault('page_hang', phone);
    await expect(engine.ping()).rejects.toMatchObject({ code: 'timeout' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });

  it('killed Chromium: an end, and nothing of it is left', async () => {
    const { session, engine } = await world.linkedWithFriend();
    const { page, browser } = processesOf(engine);
    process.kill(browser, 'SIGKILL');
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    expect([isThere(page), isThere(browser)]).toEqual([false, false]);
  });

  it('SIGKILL of node, stale lock: its browser ends, and the next one starts', async () => {
    const { session, engine } = await world.linkedWithFriend();
    const { page, browser } = processesOf(engine);
    process.kill(page, 'SIGKILL');
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    expect(isThere(browser)).toBe(false);
    expect(readdirSync(browsersFolder)).toEqual([]);
    const again = await world.linkedWithFriend();
    expect(again.session.count('qr')).toBe(0);
    await talks(again);
  });

  it('missing ready: the page is loaded anew', async () => {
    const { session, engine, phone } = await world.linkedWithFriend();
    await engine.disconnect();
    await world.fault('page_synced', phone);
    await world.connect(session);
    await session.event('connected', undefined, 20_000);
  });

  it('lost network: WhatsApp Web looks for its connection for a while, then it is an end', async () => {
    const { session, phone } = await world.linkedWithFriend();
    await world.fault('page_state', phone, { state: 'TIMEOUT' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });

  it('logout on the phone: the login is worthless', async () => {
    const { session, phone } = await world.linkedWithFriend();
    await world.fault('device_removed', phone);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'logged-out' });
  });

  it('QR that nobody scans: renewed, then given up, and failed initialise leaves no browser', async () => {
    const folder = browsersFolder;
    const nobody = world.session('nobody');
    const { webPage } = world.sandbox.server.info;
    const quick = { ...TIMES, qrShown: 150 };
    const browsers = new Browsers({ folder, path: '/usr/bin', page: webPage });
    const waiting = wwebjsEngine(browsers, quick)(nobody.host());
    await waiting.connect();
    expect(await nobody.event('disconnected')).toMatchObject({ cause: 'qr-expired' });
    expect(new Set(nobody.events.map((event) => event.type === 'qr' && event.code)).size).toBe(7);

    const page = { host: '127.0.0.1:9', spki: webPage.spki };
    const away = new Browsers({ folder, path: '/usr/bin', page, most: 1 });
    const unreachable = wwebjsEngine(away)(nobody.host());
    await unreachable.connect();
    const full = wwebjsEngine(away)(world.session('full').host());
    await full.connect();
    expect(away.unavailable()?.code).toBe('too_many_browsers');
    const end = await nobody.event('disconnected');
    expect(end).toMatchObject({ cause: 'transient', detail: expect.stringContaining('net::ERR') });
    expect(readdirSync(folder)).toEqual([]);
    expect(away.unavailable()).toBeUndefined();

    const none = new Browsers({ folder, path: '/nowhere', executable: '/nowhere/chromium' });
    await wwebjsEngine(none)(nobody.host()).connect();
    const missing = await nobody.event('disconnected');
    expect(missing).toMatchObject({ cause: 'launch-failed' });
    expect(missing.detail).toMatch(/chromium-headless-shell.* or chromium/);
  });
});

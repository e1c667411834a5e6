import { expect, it } from 'vitest';
import type { Companion } from '../../phone/test-companion.js';
import { eventually, type TestWorld } from '../../testing/test-world.js';
import type { WebClient } from './web-client.js';

/** Ana has a linked page, Ben a Baileys client, Cora only her phone. */
interface Scene {
  world: TestWorld;
  web: WebClient;
  ben: Companion;
  ANA: string;
  BEN: string;
  CORA: string;
}

/** What faults do to a page that is linked; the last test logs it out. */
export function pageInTrouble(scene: () => Scene): void {
  const fault = (body: object) => {
    const { world, ANA } = scene();
    return world.api('POST', '/faults', { phone: ANA, ...body });
  };

  const unknownModules = async () => {
    const answer = await scene().world.api<{ unknownModules: string[] }>('GET', '/unknown-modules');
    return answer.unknownModules;
  };

  it('tells its states, and `ready` again when it falls out of step', async () => {
    const { web } = scene();
    web.forget();
    await fault({ kind: 'page_state', state: 'TIMEOUT' });
    await web.until<string>('change_state', (state) => state === 'TIMEOUT');
    await fault({ kind: 'page_resync' });
    await eventually('two more', () => web.all('ready').length === 2);
  });

  it('loads itself anew and is logged in still', async () => {
    const { world, web, ANA, CORA } = scene();
    web.forget();
    await fault({ kind: 'page_reload' });
    await web.until('ready');
    expect(web.all('qr')).toEqual([]);
    const chats = await web.client.getChats();
    const withBen = chats.find(({ name }) => name === 'Ben')!;
    expect((await withBen.fetchMessages({ limit: 500 })).map(({ body }) => body)).toContain('back');
    await world.send(CORA, ANA, 'after the reload');
    await web.until('message', ({ body }) => body === 'after the reload');
  });

  it('says no `ready` when it is in step before anybody listens', async () => {
    const { web } = scene();
    web.forget();
    await fault({ kind: 'page_synced' });
    const { injections } = web;
    await fault({ kind: 'page_reload' });
    await eventually('the library to listen', () => web.injections > injections);
    expect(await web.client.getState()).toBe('CONNECTED');
    expect(web.all('ready')).toEqual([]);
    await fault({ kind: 'page_reload' });
    await web.until('ready');
  });

  it('loses and doubles nothing when its line breaks', async () => {
    const { world, web, ben, ANA, BEN, CORA } = scene();
    web.forget();
    await fault({ kind: 'message_lost' });
    const sent = await web.client.sendMessage(`${BEN}@c.us`, 'through a broken line', {
      waitUntilMsgSent: true,
    });
    await ben.until('the message', () => ben.messages.find(({ key }) => key.id === sent.id.id));
    expect((await world.messages(ANA)).filter(({ id }) => id === sent.id.id)).toHaveLength(1);
    await fault({ kind: 'cut' });
    await world.send(CORA, ANA, 'while it was away');
    await web.until('message', ({ body }) => body === 'while it was away');
    expect(web.all('message').filter(({ body }) => body === 'while it was away')).toHaveLength(1);
  });

  it('comes back, logged in, when WhatsApp itself was away', async () => {
    const { world, web, ANA, CORA } = scene();
    web.forget();
    expect(await unknownModules()).toEqual([]);
    await world.restart();
    await world.send(CORA, ANA, 'after the pause');
    await web.until('message', ({ body }) => body === 'after the pause');
    const { devices } = await world.api<{ devices: object[] }>('GET', `/phones/${ANA}/devices`);
    expect(devices).toMatchObject([{ device: 100, connected: true }]);
  });

  it('hears late of what was said in a silence, and answers late when it stands still', async () => {
    const { world, web, ANA, CORA } = scene();
    web.forget();
    await fault({ kind: 'silence', forMs: 400 });
    const said = Date.now();
    await world.send(CORA, ANA, 'into the silence');
    await web.until('message', ({ body }) => body === 'into the silence');
    expect(Date.now() - said).toBeGreaterThan(300);
    await fault({ kind: 'page_hang', times: 1, forMs: 400 });
    const asked = Date.now();
    await eventually('the standstill', async () => {
      await web.client.getState();
      return Date.now() - asked > 350;
    });
  });

  it('is told of a conflict and takes over', async () => {
    const { web } = scene();
    web.forget();
    await fault({ kind: 'replaced' });
    await web.until<string>('change_state', (state) => state === 'CONFLICT');
    await web.until<string>('change_state', (state) => state === 'CONNECTED');
  });

  it('has all modules that were asked for, and notes one that it has not', async () => {
    const { web } = scene();
    expect(await unknownModules()).toEqual([]);
    await expect(web.inPage("window.require('WAWebNothing')")).rejects.toThrow('WAWebNothing');
    await eventually('the note', async () => (await unknownModules()).length === 1);
  });

  it('is unlinked by the phone, linked by a code, and logs out', async () => {
    const { world, web, ANA } = scene();
    web.forget();
    await world.api('DELETE', `/phones/${ANA}/devices/100`);
    expect(await web.until<string>('disconnected')).toBe('LOGOUT');
    await web.until('qr');
    const code = await web.client.requestPairingCode(ANA);
    expect(code).toMatch(/^[1-9A-Z]{8}$/);
    const wrong = code.replace(/.$/, code.endsWith('2') ? '3' : '2');
    await expect(world.api('POST', `/phones/${ANA}/pair`, { code: wrong })).rejects.toThrow('403');
    await world.api('POST', `/phones/${ANA}/pair`, { code });
    await web.until('ready');
    await web.client.logout();
    const left = await world.api<{ devices: unknown[] }>('GET', `/phones/${ANA}/devices`);
    expect(left.devices).toEqual([]);
    expect(await unknownModules()).toEqual(['WAWebNothing']);
  });
}

import { expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import type { DisconnectCause } from '../engine-events.js';
import { until } from './engine-contract-host.js';
import { type EngineWorld, pn } from './engine-world.js';
import { send } from './send.js';

/** Part of the contract: why connections end, and that they end well. */
export function endings(world: EngineWorld): void {
  const causes: [string, Record<string, unknown>, DisconnectCause][] = [
    ['restart_required', {}, 'restart-required'],
    ['service_unavailable', {}, 'transient'],
    ['replaced', {}, 'replaced'],
    ['cut', {}, 'transient'],
    ['garbage', {}, 'transient'],
    ['device_removed', {}, 'logged-out'],
  ];
  it.each(causes)('%s', async (kind, more, cause) => {
    const [phone, other] = [await world.phone(), await world.phone()];
    const bystander = await world.linked(other);
    const { session } = await world.linked(phone);
    await world.fault(kind, phone, more);
    expect(await session.event('disconnected')).toMatchObject({ cause });
    expect(session.events.at(-1)?.type).toBe('disconnected');
    await bystander.engine.ping();
    expect(bystander.session.count('disconnected')).toBe(0);
  });

  it.each([
    [401, 'logged-out'],
    [403, 'banned'],
    [405, 'client-outdated'],
    [503, 'transient'],
  ] as const)('failure %s at login', async (code, cause) => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.fault('failure', phone, { code });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause, code });
  });

  it('a second connection with the same credentials replaces the first', async () => {
    const phone = await world.phone();
    const { session } = await world.linked(phone);
    const first = session.events;
    await world.connect(session);
    await session.event('connected');
    const end = await until('end of the first', 5_000, () =>
      first.find((event) => event.type === 'disconnected'),
    );
    expect(end).toMatchObject({ cause: 'replaced' });
  });

  it('a refused connection, and a server that is not there', async () => {
    const session = world.session('nowhere', { webSocketUrl: 'ws://127.0.0.1:9/ws/chat' });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    const phone = await world.phone();
    const linked = await world.linked(phone);
    await linked.engine.disconnect();
    await world.api('POST', '/faults', { kind: 'refuse' });
    await world.connect(linked.session);
    expect(await linked.session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });

  it('disconnects on request, once, and can be asked twice', async () => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await Promise.all([engine.disconnect(), engine.disconnect()]);
    await engine.disconnect();
    expect(session.events.at(-1)).toMatchObject({ type: 'disconnected', cause: 'requested' });
    expect(session.count('disconnected')).toBe(1);
    await expect(engine.ping()).rejects.toMatchObject({ code: 'not-connected' });
    const content = { type: 'text', text: 'x' } as const;
    const sending = send(engine, { id: newMessageId(), chatJid: pn(phone), content });
    await expect(sending).rejects.toMatchObject({ code: 'not-connected', certainlyNotSent: true });
    await expect(engine.connect()).rejects.toMatchObject({ code: 'not-connected' });
  });

  it('disconnects before it was connected', async () => {
    const session = world.session('early');
    const engine = world.factory(session.host());
    const connecting = engine.connect();
    await engine.disconnect();
    await connecting;
    expect(session.events).toEqual([
      { type: 'disconnected', cause: 'requested', detail: expect.any(String) },
    ]);
  });

  it('logs out: the phone no longer lists the device', async () => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.logout();
    expect(session.events.at(-1)).toMatchObject({ type: 'disconnected', cause: 'requested' });
    await until('phone without devices', 5_000, async () => {
      const { devices } = await world.api<{ devices: unknown[] }>(
        'GET',
        `/phones/${phone}/devices`,
      );
      return devices.length === 0;
    });
  });

  it('closes when its events cannot be stored', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    session.refuseEvents = true;
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'no room' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });

  it('closes when its key store fails, and reads the message when that works again', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    session.auth.failing = true;
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'kept for you' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
    session.auth.failing = false;
    await world.connect(session);
    const { message } = await session.event('message');
    expect(message.content).toEqual({ type: 'text', text: 'kept for you' });
  });
}

import { expect, it } from 'vitest';
import type { DisconnectCause } from '../engine-events.js';
import { until } from './engine-contract-host.js';
import { type EngineWorld } from './engine-world.js';

/** Part of the contract: why connections end, and that they end well. */
export function endings(world: EngineWorld): void {
  const { speaksTheWire, isCostly } = world.traits;
  const onTheWire: [string, Record<string, unknown>, DisconnectCause][] = [
    ['restart_required', {}, 'restart-required'],
    ['service_unavailable', {}, 'transient'],
    ['cut', {}, 'transient'],
    ['garbage', {}, 'transient'],
  ];
  const causes: [string, Record<string, unknown>, DisconnectCause][] = [
    ...(speaksTheWire ? onTheWire : []),
    ['replaced', {}, 'replaced'],
    ['device_removed', {}, 'logged-out'],
  ];
  it.each(causes)('%s', async (kind, more, cause) => {
    const bystander = isCostly ? undefined : await world.linkedWithFriend();
    const { session, phone } = await world.linkedWithFriend();
    await world.fault(kind, phone, more);
    expect(await session.event('disconnected')).toMatchObject({ cause });
    expect(session.events.at(-1)?.type).toBe('disconnected');
    await bystander?.engine.ping();
    if (bystander) expect(bystander.session.count('disconnected')).toBe(0);
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
    const { session, phone, friend } = await world.linkedWithFriend();
    session.refuseEvents = true;
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'no room' });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient' });
  });
}

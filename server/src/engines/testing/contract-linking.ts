import { expect, it } from 'vitest';
import { type EngineWorld, pn } from './engine-world.js';

/** Part of the contract: how a session gets and keeps its device. */
export function linking(world: EngineWorld): void {
  const { speaksTheWire } = world.traits;

  it('links by QR: code, pair-success, connected with the same credentials', async () => {
    const phone = await world.phone('Ana');
    const session = world.session('by-qr');
    await world.connect(session);
    const qr = await session.event('qr');
    expect(qr.expiresAt).toBeGreaterThan(Date.now() + 50_000);
    await world.api('POST', `/phones/${phone}/scan`, { qr: qr.code });
    expect(await session.event('pair-success')).toMatchObject({ jid: pn(phone) });
    if (speaksTheWire) {
      expect(await session.event('disconnected')).toMatchObject({ cause: 'restart-required' });
      expect(session.events.at(-1)?.type).toBe('disconnected');
      expect(session.count('disconnected')).toBe(1);
      await world.connect(session);
    }
    const connected = await session.event('connected');
    expect(connected.jid).toBe(pn(phone));
    expect(connected.lid).toMatch(/^\d+@lid$/);
    const history = await session.event('history-sync');
    expect(history).toMatchObject({ type: 'history-sync' });
    if (speaksTheWire) expect(session.count('qr')).toBe(0);
  });

  it('links by pairing code', async () => {
    const phone = await world.phone('Bea');
    const session = world.session('by-code');
    const { engine } = await world.connect(session);
    const code = await engine.requestPairingCode(phone);
    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    const told = await session.event('pairing-code');
    expect(told.code).toBe(code);
    expect(told.expiresAt).toBeGreaterThan(Date.now());
    await world.api('POST', `/phones/${phone}/pair`, { code });
    if (speaksTheWire) {
      expect(await session.event('disconnected')).toMatchObject({ cause: 'restart-required' });
      await world.connect(session);
    }
    expect((await session.event('connected')).jid).toBe(pn(phone));
  });

  it('brings the history of the phone', async () => {
    const [phone, friend] = [await world.phone('Cid'), await world.phone('Dora')];
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'long ago' });
    await world.messageOn(phone, 'long ago');
    const { session } = await world.linked(phone);
    const history = session.events.filter((event) => event.type === 'history-sync');
    const old = history.flatMap((event) => event.messages);
    expect(old.map((message) => message.content)).toContainEqual({
      type: 'text',
      text: 'long ago',
    });
    expect(history.flatMap((event) => event.chats).length).toBeGreaterThan(0);
    expect(old[0]?.timestamp).toBeGreaterThan(Date.now() - 60_000);
  });
}

import { expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import type { EngineFactory } from '../engine.js';
import type { Connected, TestSession } from './engine-contract-host.js';
import { pn } from './engine-world.js';
import { send } from './send.js';

/** Somebody's number with a session, and a contact of theirs. */
export interface Linked extends Connected {
  phone: string;
  friend: string;
}

/** Whatever an engine reaches WhatsApp by, as far as every engine needs it. */
export interface BasicWorld {
  readonly factory: EngineFactory;
  session(id: string): TestSession;
  /** A new connection of the session. */
  connect(session: TestSession): Promise<Connected>;
  linkedWithFriend(): Promise<Linked>;
  friendWrites(linked: Linked, text: string): Promise<unknown>;
  /** Waits until the friend has it; resolves with how often. */
  friendHas(linked: Linked, text: string): Promise<number>;
}

/** Part of the contract: what every engine does, whatever it cannot. */
export function basics(world: BasicWorld): void {
  it('brings text, and sends it once, acknowledged under the id that it was given', async () => {
    const linked = await world.linkedWithFriend();
    const { session, engine, friend } = linked;
    await world.friendWrites(linked, 'hello');
    const { message } = await session.event('message', ({ message: m }) => !m.fromMe);
    expect(message.content).toEqual({ type: 'text', text: 'hello' });
    expect([message.chatJid, message.chatAltJid]).toContain(pn(friend));
    expect(Math.abs(message.timestamp - Date.now())).toBeLessThan(30_000);
    const id = newMessageId();
    const content = { type: 'text', text: 'hello back' } as const;
    const sent = await send(engine, { id, chatJid: pn(friend), content });
    expect(sent.raw.length).toBeGreaterThan(0);
    await session.event('receipt', (r) => r.status === 'sent' && r.messageIds.includes(id));
    expect(await world.friendHas(linked, 'hello back')).toBe(1);
    await engine.ping();
  });

  it('connects again without a scan', async () => {
    const { session, engine, phone } = await world.linkedWithFriend();
    await engine.disconnect();
    await world.connect(session);
    expect((await session.event('connected')).jid).toBe(pn(phone));
    expect(session.count('qr')).toBe(0);
  });

  it('disconnects on request, once, and can be asked twice', async () => {
    const { session, engine, phone } = await world.linkedWithFriend();
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
}

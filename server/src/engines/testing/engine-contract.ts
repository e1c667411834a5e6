import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@patchbay/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import type { EngineFactory, WhatsAppEndpoint } from '../engine.js';
import type { DisconnectCause } from '../engine-events.js';
import { type Connected, TestSession, until } from './engine-contract-host.js';

interface PhoneMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  status: string;
  deliveries: number;
}

let nextPhone = 99911000001;

/** A sandbox and simulated phones, and engines on them. */
export class EngineWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engine-contract-'));
  readonly #engines: Connected[] = [];
  sandbox!: Sandbox;

  constructor(readonly factory: EngineFactory) {}

  async start(port = 0): Promise<void> {
    this.sandbox = await startSandbox({ dataDir: this.#folder, port });
  }

  async stop(): Promise<void> {
    await this.closeEngines();
    await this.sandbox.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async closeEngines(): Promise<void> {
    await Promise.all(this.#engines.splice(0).map(({ engine }) => engine.disconnect()));
  }

  get endpoint(): WhatsAppEndpoint {
    const { media } = this.sandbox.server.info;
    return {
      webSocketUrl: this.sandbox.wsUrl,
      noiseRootKey: Buffer.from(this.sandbox.rootPublicKey, 'hex'),
      mediaHost: media.host,
      mediaCa: readFileSync(media.caFile, 'utf8'),
    };
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.sandbox.controlUrl}/api${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  settle(): Promise<unknown> {
    return this.api('POST', '/settle', {});
  }

  /** A new simulated phone. @returns its number in digits */
  async phone(name = 'Somebody'): Promise<string> {
    const phone = String(nextPhone++);
    await this.api('POST', '/phones', { phone, name });
    return phone;
  }

  messagesOf(phone: string): Promise<PhoneMessage[]> {
    return this.api<{ messages: PhoneMessage[] }>('GET', `/phones/${phone}/messages`).then(
      ({ messages }) => messages,
    );
  }

  /** The message with this text on a phone; waits for it. */
  messageOn(phone: string, text: string, status?: string): Promise<PhoneMessage> {
    return until(`message "${text}" ${status ?? ''} on ${phone}`, 10_000, async () =>
      (await this.messagesOf(phone)).find(
        (message) => message.text === text && (!status || message.status === status),
      ),
    );
  }

  session(id: string, endpoint: Partial<WhatsAppEndpoint> = {}): TestSession {
    return new TestSession(id, { ...this.endpoint, ...endpoint });
  }

  /** A new connection of the session. */
  async connect(session: TestSession): Promise<Connected> {
    const connected = { session, engine: this.factory(session.host()) };
    this.#engines.push(connected);
    await connected.engine.connect();
    return connected;
  }

  /** A session that a phone has linked, up to `connected`, and with its first history. */
  async linked(phone: string): Promise<Connected> {
    const session = this.session(phone);
    await this.connect(session);
    const { code } = await session.event('qr');
    await this.api('POST', `/phones/${phone}/scan`, { qr: code });
    await session.event('disconnected');
    const connected = await this.connect(session);
    await session.event('connected');
    await session.event('history-sync');
    await this.settle();
    return connected;
  }

  fault(kind: string, phone: string, more: Record<string, unknown> = {}): Promise<unknown> {
    return this.api('POST', '/faults', { kind, phone, ...more });
  }
}

const pn = (phone: string) => `${phone}@s.whatsapp.net`;

/** What every engine must do, told by what it tells its session and by what the phones see. */
export function engineContract(name: string, factory: EngineFactory): void {
  const world = new EngineWorld(factory);
  beforeAll(() => world.start());
  afterEach(() => world.closeEngines());
  afterAll(() => world.stop());
  describe(`${name}: linking`, () => linking(world));
  describe(`${name}: messages`, () => messages(world));
  describe(`${name}: endings`, () => endings(world));
}

function linking(world: EngineWorld): void {
  it('links by QR: code, pair-success, restart, connected with the same credentials', async () => {
    const phone = await world.phone('Ana');
    const session = world.session('by-qr');
    await world.connect(session);
    const qr = await session.event('qr');
    expect(qr.expiresAt).toBeGreaterThan(Date.now() + 50_000);
    await world.api('POST', `/phones/${phone}/scan`, { qr: qr.code });
    expect(await session.event('disconnected')).toMatchObject({ cause: 'restart-required' });
    expect(await session.event('pair-success')).toMatchObject({ jid: pn(phone) });
    expect(session.events.at(-1)?.type).toBe('disconnected');
    expect(session.count('disconnected')).toBe(1);

    await world.connect(session);
    const connected = await session.event('connected');
    expect(connected.jid).toBe(pn(phone));
    expect(connected.lid).toMatch(/^\d+@lid$/);
    const history = await session.event('history-sync');
    expect(history).toMatchObject({ type: 'history-sync' });
    expect(session.count('qr')).toBe(0);
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
    expect(await session.event('disconnected')).toMatchObject({ cause: 'restart-required' });
    await world.connect(session);
    expect((await session.event('connected')).jid).toBe(pn(phone));
  });

  it('forgets a pairing that was begun and not finished', async () => {
    const phone = await world.phone();
    const session = world.session('unfinished');
    const { engine } = await world.connect(session);
    await engine.requestPairingCode(phone);
    await engine.disconnect();
    await world.connect(session);
    await session.event('qr');
    expect(session.count('disconnected')).toBe(0);
  });

  it('connects again without a scan', async () => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.connect(session);
    expect((await session.event('connected')).jid).toBe(pn(phone));
    expect(session.count('qr')).toBe(0);
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

function messages(world: EngineWorld): void {
  it('brings and sends text, up to the read receipt', async () => {
    const [phone, friend] = [await world.phone('Eva'), await world.phone('Finn')];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'hello' });
    const { source, message } = await session.event('message', ({ message: m }) => !m.fromMe);
    expect(source).toBe('live');
    expect(message).toMatchObject({ content: { type: 'text', text: 'hello' }, pushName: 'Finn' });
    expect([message.chatJid, message.chatAltJid]).toContain(pn(friend));
    expect([message.chatJid, message.chatAltJid].some((jid) => jid?.endsWith('@lid'))).toBe(true);
    expect(Math.abs(message.timestamp - Date.now())).toBeLessThan(30_000);

    const id = newMessageId();
    const content = { type: 'text', text: 'hello back' } as const;
    const sent = await engine.send({ id, chatJid: message.chatJid, content, quoted: message.raw });
    expect(sent.raw.length).toBeGreaterThan(0);
    expect((await world.messageOn(friend, 'hello back')).id).toBe(id);
    const mine = { messageIds: [id] };
    for (const status of ['sent', 'delivered'] as const) {
      await session.event('receipt', (r) => r.status === status && r.messageIds.includes(id));
    }
    await world.api('POST', `/phones/${friend}/read`, { chat: phone });
    const read = await session.event('receipt', (r) => r.status === 'read');
    expect(read).toMatchObject(mine);
    // The own phone sees what was sent from here.
    await world.messageOn(phone, 'hello back');
  });

  it('writes first to a number that it does not know', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { engine } = await world.linked(phone);
    const content = { type: 'text', text: 'we have not met' } as const;
    await engine.send({ id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, 'we have not met');
    const nobody = engine.send({ id: newMessageId(), chatJid: pn('99988877766655'), content });
    await expect(nobody).rejects.toMatchObject({ code: 'not-on-whatsapp', certainlyNotSent: true });
  });

  it('marks as read', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'read me' });
    const { message } = await session.event('message');
    await engine.markRead(message.chatJid, [{ id: message.id }]);
    await world.messageOn(friend, 'read me', 'read');
  });

  it('brings and sends reactions', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'react' });
    const { message } = await session.event('message');
    const content = { type: 'reaction', targetId: message.id, emoji: '👍' } as const;
    await engine.send({ id: newMessageId(), chatJid: message.chatJid, content });
    await world.settle();
    const reaction = { messageId: message.id, emoji: '🎉' };
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, reaction });
    const got = await session.event('message', (e) => e.message.content.type === 'reaction');
    expect(got.message.content).toEqual({
      type: 'reaction',
      targetId: message.id,
      emoji: '🎉',
    });
  });

  it('talks in groups', async () => {
    const [phone, friend] = [await world.phone('Gil'), await world.phone('Hana')];
    const { session, engine } = await world.linked(phone);
    const { id: chatJid } = await world.api<{ id: string }>('POST', '/groups', {
      subject: 'Trio',
      participants: [friend, phone],
    });
    await world.api('POST', `/phones/${friend}/messages`, { to: chatJid, text: 'all of you' });
    const { message } = await session.event('message', (e) => e.message.content.type === 'text');
    expect(message).toMatchObject({ chatJid, content: { text: 'all of you' } });
    expect([message.senderJid, message.senderAltJid]).toContain(pn(friend));
    const group = await session.event('groups');
    expect(group.groups).toContainEqual({ jid: chatJid, subject: 'Trio' });

    const id = newMessageId();
    await engine.send({ id, chatJid, content: { type: 'text', text: 'all of us' } });
    await world.messageOn(friend, 'all of us');
    const receipt = await session.event('receipt', (r) => Boolean(r.participantJid));
    expect(receipt).toMatchObject({ chatJid, messageIds: [id], status: 'delivered' });
  });

  it('brings what waited while it was away, and what the phone itself sent', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'are you there' });
    await world.messageOn(phone, 'are you there');
    await world.connect(session);
    const waited = await session.event('message');
    expect(waited).toMatchObject({ source: 'offline', message: { content: { type: 'text' } } });
    await world.api('POST', `/phones/${phone}/messages`, { to: friend, text: 'from my phone' });
    const own = await session.event('message', (e) => e.message.fromMe);
    expect(own).toMatchObject({ source: 'phone', message: { senderJid: pn(phone) } });
    expect([own.message.chatJid, own.message.chatAltJid]).toContain(pn(friend));
  });

  it('tells who is typing, and tells it', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.api('POST', `/phones/${friend}/typing`, { to: phone, state: 'composing' });
    await session.event('chat-state', (e) => e.state === 'composing');
    await world.api('POST', `/phones/${friend}/typing`, { to: phone, state: 'paused' });
    await session.event('chat-state', (e) => e.state === 'paused');
    await engine.sendChatState(pn(friend), 'composing');
    await engine.sendPresence(true);
    await engine.ping();
  });

  it('sends again what a recipient could not read, also after connecting anew', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    for (const text of ['at once', 'later']) {
      await world.fault('undecryptable', friend, { device: 0 });
      const content = { type: 'text', text } as const;
      const id = newMessageId();
      const current = text === 'at once' ? engine : (await world.connect(session)).engine;
      if (current !== engine) await session.event('connected');
      const sent = await current.send({ id, chatJid: pn(friend), content });
      session.messages.set(id, sent.raw);
      if (text === 'later') {
        await current.disconnect();
        await world.connect(session);
      }
      expect((await world.messageOn(friend, text)).id).toBe(id);
      await current.disconnect();
    }
  });

  it('says when a message is refused', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await world.fault('ack_error', phone, { code: 463 });
    const id = newMessageId();
    await engine.send({ id, chatJid: pn(friend), content: { type: 'text', text: 'no' } });
    expect(await session.event('send-refused')).toMatchObject({ messageId: id, code: 463 });
  });

  it('recovers a message that could not be decrypted', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const content = { type: 'text', text: 'so that the friend has a session' } as const;
    await engine.send({ id: newMessageId(), chatJid: pn(friend), content });
    await world.messageOn(friend, content.text);
    await world.settle();
    await world.fault('undecryptable', phone);
    await world.api('POST', `/phones/${friend}/messages`, { to: phone, text: 'second try' });
    await session.event('message', (e) => e.message.content.type === 'undecryptable');
    await session.event('message', (e) => e.message.content.type === 'text');
  });
}

function endings(world: EngineWorld): void {
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
    const send = engine.send({ id: newMessageId(), chatJid: pn(phone), content });
    await expect(send).rejects.toMatchObject({ code: 'not-connected', certainlyNotSent: true });
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

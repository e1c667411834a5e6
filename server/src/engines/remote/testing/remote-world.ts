import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { BotIncoming, BotStatusNotice } from '@patchbay/contract';
import type { EngineFactory } from '../../engine.js';
import type { BasicWorld, Linked } from '../../testing/contract-basics.js';
import { type Connected, TestSession, until } from '../../testing/engine-contract-host.js';
import { remoteEngine, SessionProcess } from '../index.js';
import { TestSessionProcess } from './test-session-process.js';

const TIMES = { lookEvery: 50, qrShown: 60_000 };

/** A session process, and whoever takes what it tells to the engines. */
export class RemoteWorld implements BasicWorld {
  process!: TestSessionProcess;
  private known!: SessionProcess;
  private engines: Connected[] = [];
  private phones = 0;
  private readonly backend = createServer(async (request, response) => {
    const told = (await json(request)) as BotIncoming & BotStatusNotice;
    const engine = this.known.engineOf(told.sessionId);
    const taken = request.url === '/incoming' ? engine?.incoming(told) : engine?.standsAt(told);
    const done = await (taken ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    response.writeHead(done ? 200 : 409).end();
  });

  async start(): Promise<void> {
    this.process = await TestSessionProcess.start();
    const { url, secret } = this.process;
    this.known = new SessionProcess({ url, secret });
    await once(this.backend.listen(0, '127.0.0.1'), 'listening');
    this.process.backend = `http://127.0.0.1:${(this.backend.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await this.closeEngines();
    this.backend.closeAllConnections();
    this.backend.close();
    await this.process.kill();
  }

  async closeEngines(): Promise<void> {
    await Promise.all(this.engines.splice(0).map(({ engine }) => engine.disconnect()));
  }

  get factory(): EngineFactory {
    return remoteEngine(this.known, TIMES);
  }

  session(id: string): TestSession {
    return new TestSession(id, {});
  }

  async connect(session: TestSession): Promise<Connected> {
    const connected = { session, engine: this.factory(session.host()) };
    this.engines.push(connected);
    await connected.engine.connect();
    return connected;
  }

  async linkedWithFriend(): Promise<Linked> {
    this.phones += 1;
    const phone = `5198700${String(this.phones).padStart(4, '0')}`;
    const connected = await this.connect(this.session(`session-${phone}`));
    await connected.session.event('qr');
    this.process.scan(connected.session.sessionId, phone);
    await connected.session.event('connected');
    return { ...connected, phone, friend: `5198800${phone.slice(-4)}` };
  }

  async friendWrites({ session, friend }: Linked, text: string): Promise<void> {
    this.process.hears(session.sessionId, friend, text);
  }

  async friendHas({ friend }: Linked, text: string): Promise<number> {
    const copies = () => this.process.sentTo(friend).filter((one) => one === text).length;
    return await until(`"${text}" at ${friend}`, 10_000, copies);
  }
}

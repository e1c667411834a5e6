import { once } from 'node:events';
import {
  type AddressInfo,
  createServer,
  connect as dial,
  type Server,
  type Socket,
} from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** One process' way to a service, which can be cut as a network is: nobody is told of it. */
export class NetworkLink {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  /** What is on its way to each. */
  private readonly passed = new WeakMap<Socket, Promise<void>>();
  /** What is sent arrives so much later, in each direction (ms). */
  private delay = 0;

  private constructor(
    private readonly server: Server,
    /** The service's address by way of this link. */
    readonly url: string,
  ) {}

  static async to(target: string): Promise<NetworkLink> {
    const url = new URL(target);
    const port = Number(url.port);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    url.port = String((server.address() as AddressInfo).port);
    const link = new NetworkLink(server, url.href);
    server.on('connection', (near) => {
      const far = dial(port, url.hostname);
      link.join(near, far);
      link.join(far, near);
    });
    return link;
  }

  /** Nothing comes through any more; neither side hears of it, nor of the other's end. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** @param ms how much longer everything takes, in each direction */
  slow(ms: number): void {
    this.delay = ms;
  }

  /** What was on its way comes through. */
  heal(): void {
    this.isCut = false;
    this.delay = 0;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  /** As late as the link is slow, in the order of coming, also when it has become faster meanwhile. */
  private pass(to: Socket, work: () => void): void {
    const due = Date.now() + this.delay;
    const before = this.passed.get(to) ?? Promise.resolve();
    const now = before.then(async () => {
      if (due > Date.now()) await pause(due - Date.now());
      work();
    });
    this.passed.set(to, now);
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (data) => this.pass(to, () => to.write(data)));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      // An end does not come through a cut; the other side finds it out by itself.
      if (!this.isCut) this.pass(to, () => to.destroy());
      else to.once('resume', () => to.destroy());
    });
    if (this.isCut) from.pause();
  }
}

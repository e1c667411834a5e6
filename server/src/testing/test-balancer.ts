import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How often the servers are asked whether they take requests (ms). */
const ASK_EVERY = 100;

/**
 * One address for several servers, as a service of a cluster is: each connection goes to the next of
 * those that say that they are ready, and stays there.
 */
export class TestBalancer {
  private readonly sockets = new Set<Socket>();
  private turn = 0;
  private ready: string[] = [];
  private readonly asking: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    private readonly backends: () => readonly string[],
  ) {
    this.asking = setInterval(() => void this.ask(), ASK_EVERY);
    server.on('connection', (near) => {
      this.keep(near);
      void this.serve(near);
    });
  }

  /** @param backends addresses of the servers at this moment */
  static async start(backends: () => readonly string[]): Promise<TestBalancer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new TestBalancer(server, backends);
    await balancer.ask();
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    clearInterval(this.asking);
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private async ask(): Promise<void> {
    const backends = this.backends();
    const isReady = await Promise.all(
      backends.map((url) =>
        fetch(`${url}/api/health/ready`, { headers: { connection: 'close' } }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    this.ready = backends.filter((_, n) => isReady[n]);
  }

  private async serve(near: Socket): Promise<void> {
    const { ready } = this;
    for (let tried = 0; tried < ready.length; tried += 1) {
      const { hostname, port } = new URL(ready[this.turn++ % ready.length] as string);
      const far = connect(Number(port), hostname);
      this.keep(far);
      if (!(await once(far, 'connect').catch(() => false))) continue;
      near.pipe(far);
      far.pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroySoon());
      return;
    }
    near.destroy();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }
}

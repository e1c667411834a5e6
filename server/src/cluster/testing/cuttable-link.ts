import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut as a network is: nothing comes through, and nobody is told. */
export class CuttableLink {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    /** The same address by way of this link. */
    readonly url: string,
  ) {}

  static async to(target: string): Promise<CuttableLink> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as { port: number }).port);
    const link = new CuttableLink(server, url.href);
    server.on('connection', (near) => {
      const far = dial(Number(port), hostname);
      link.join(near, far);
      link.join(far, near);
    });
    return link;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.pause();
  }

  heal(): void {
    this.isCut = false;
    for (const socket of this.sockets) socket.resume();
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (data) => to.write(data));
    // An end does not come through either.
    from.on('close', () => {
      this.sockets.delete(from);
      if (!this.isCut) to.destroy();
    });
    from.on('error', () => undefined);
    if (this.isCut) from.pause();
  }
}

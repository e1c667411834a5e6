import { once } from 'node:events';
import {
  type AddressInfo,
  createServer,
  connect as dial,
  type Server,
  type Socket,
} from 'node:net';

/** One process' way to the database, which can be cut as a network is: nobody is told of it. */
export class DatabaseLink {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    /** The database's address by way of this link. */
    readonly url: string,
  ) {}

  static async to(target: string): Promise<DatabaseLink> {
    const url = new URL(target);
    const port = Number(url.port);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    url.port = String((server.address() as AddressInfo).port);
    const link = new DatabaseLink(server, url.href);
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

  /** What was on its way comes through. */
  heal(): void {
    this.isCut = false;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (data) => to.write(data));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      // An end does not come through a cut; the other side finds it out by itself.
      if (!this.isCut) to.destroy();
      else to.once('resume', () => to.destroy());
    });
    if (this.isCut) from.pause();
  }
}

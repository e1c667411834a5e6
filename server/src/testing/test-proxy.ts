import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

const PROXY_USER = 'proxy-user';
export const PROXY_PASSWORD = 'p@ss word';

/** A proxy that speaks HTTP CONNECT and SOCKS5, with a password, and remembers what it was asked for. */
export class TestProxy {
  /** `host:port` of each connection that was led on. */
  readonly targets: string[] = [];
  readonly refused: string[] = [];
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  /** @param elsewhere where names are that nobody else knows, `host:port` both */
  constructor(private readonly elsewhere: Record<string, string> = {}) {}

  async start(): Promise<this> {
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.once('data', (first: Buffer) => {
        if (first[0] === 5) this.socks(socket).catch(() => socket.destroy());
        else this.http(socket, first.toString());
      });
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Cuts everything that goes through it. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  url(protocol: 'http' | 'socks5', password = PROXY_PASSWORD): string {
    const who = `${PROXY_USER}:${encodeURIComponent(password)}`;
    return `${protocol}://${who}@127.0.0.1:${this.port}`;
  }

  private http(socket: Socket, head: string): void {
    const target = /^CONNECT (\S+) HTTP/.exec(head)?.[1] ?? '';
    const who = Buffer.from(`${PROXY_USER}:${PROXY_PASSWORD}`).toString('base64');
    if (!head.includes(`Proxy-Authorization: Basic ${who}`)) {
      this.refused.push(target);
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n',
      );
      return;
    }
    this.lead(socket, target, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  }

  private async socks(socket: Socket): Promise<void> {
    socket.write(Buffer.from([5, 2]));
    const [auth] = (await once(socket, 'data')) as [Buffer];
    const userLength = auth[1] ?? 0;
    const user = auth.subarray(2, 2 + userLength).toString();
    const password = auth.subarray(3 + userLength).toString();
    const known = user === PROXY_USER && password === PROXY_PASSWORD;
    socket.write(Buffer.from([1, known ? 0 : 1]));
    if (!known) {
      this.refused.push('socks');
      socket.end();
      return;
    }
    const [request] = (await once(socket, 'data')) as [Buffer];
    const byName = request[3] === 3;
    const length = byName ? (request[4] ?? 0) + 1 : 4;
    const address = request.subarray(4, 4 + length);
    const host = byName ? address.subarray(1).toString() : [...address].join('.');
    const port = request.readUInt16BE(4 + length);
    this.lead(socket, `${host}:${port}`, () =>
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])),
    );
  }

  private lead(socket: Socket, target: string, ready: () => void): void {
    this.targets.push(target);
    const [host = '', port = ''] = (this.elsewhere[target] ?? target).split(':');
    const there = connect(Number(port), host, () => {
      ready();
      socket.pipe(there).pipe(socket);
    });
    this.sockets.add(there);
    there.on('error', () => socket.destroy());
    there.on('close', () => {
      this.sockets.delete(there);
      socket.destroy();
    });
    socket.on('close', () => there.destroy());
  }
}

import { once } from 'node:events';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { SocksClient } from 'socks';

/** Until a proxy has let us through. */
const PATIENCE_MS = 20_000;
/** No answer to CONNECT is longer. */
const MAX_HEAD = 16_384;

/**
 * A connection to `host:port` through a proxy: `http:` and `https:` by CONNECT, `socks5:` (names are
 * looked up here) and `socks5h:` (names are looked up by the proxy). Never anything but the proxy is
 * connected to. @throws when the proxy is away, or refuses
 */
export async function dial(proxyUrl: string, host: string, port: number): Promise<Socket> {
  const proxy = new URL(proxyUrl);
  return proxy.protocol.startsWith('socks')
    ? await throughSocks(proxy, host, port)
    : await throughHttp(proxy, host, port);
}

async function throughSocks(proxy: URL, host: string, port: number): Promise<Socket> {
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    destination: { host, port },
    timeout: PATIENCE_MS,
    proxy: {
      host: bare(proxy.hostname),
      port: Number(proxy.port || 1080),
      type: 5,
      ...(proxy.username && {
        userId: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      }),
    },
  });
  return socket;
}

async function throughHttp(proxy: URL, host: string, port: number): Promise<Socket> {
  const secure = proxy.protocol === 'https:';
  const to = { host: bare(proxy.hostname), port: Number(proxy.port || (secure ? 443 : 80)) };
  const socket = secure
    ? tlsConnect({ ...to, ...(!isIP(to.host) && { servername: to.host }) })
    : netConnect(to);
  const patience = setTimeout(() => {
    socket.destroy(new Error('The proxy did not answer in time'));
  }, PATIENCE_MS);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect');
    const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
    if (proxy.username) {
      const who = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
      lines.push(`Proxy-Authorization: Basic ${Buffer.from(who).toString('base64')}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const head = await readHead(socket);
    const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
    if (status !== '200') throw new Error(`The proxy answered ${status ?? 'something else'}`);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

/** The answer's head; what follows it stays in the socket. */
async function readHead(socket: Socket): Promise<string> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) {
      await Promise.race([once(socket, 'readable'), ended(socket)]);
      continue;
    }
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    if (end >= 0) {
      const rest = seen.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      return seen.subarray(0, end).toString('latin1');
    }
    if (seen.length > MAX_HEAD) throw new Error('The proxy does not speak HTTP');
  }
}

async function ended(socket: Socket): Promise<never> {
  await once(socket, 'close');
  throw new Error('The proxy closed the connection');
}

/** Without the brackets that URLs put around IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { WhatsAppEndpoint } from '../engine.js';
import { dial } from './proxy.js';

/** How the connections of a session travel. Absent parts go the usual way. */
export interface Transport {
  /** For the websocket. */
  agent?: HttpAgent;
  /** For downloads: rc14 hands `options.dispatcher` to fetch (`lib/Utils/messages-media.js`). */
  dispatcher?: Agent;
  /** For uploads, which go through node:https. */
  fetchAgent?: HttpsAgent;
}

interface Place {
  hostname: string;
  port: string;
}

/** One for all sessions of an endpoint without a proxy: an agent holds connections of its own. */
const made = new Map<string, Transport>();

/**
 * Leads connections elsewhere below HTTP: media to a stand-in for WhatsApp (rc14 asks
 * `https://mmg.whatsapp.net` whatever the configuration says), and everything through a proxy. With
 * the proxy away nothing connects.
 */
export function transportFor(endpoint: WhatsAppEndpoint, proxyUrl?: string): Transport {
  const { mediaCa, mediaHost } = endpoint;
  if (!mediaCa && !mediaHost && !proxyUrl) return {};
  if (proxyUrl) return makeTransport(endpoint, proxyUrl);
  const key = JSON.stringify([mediaHost, mediaCa]);
  const transport = made.get(key) ?? makeTransport(endpoint);
  made.set(key, transport);
  return transport;
}

function makeTransport(endpoint: WhatsAppEndpoint, proxyUrl?: string): Transport {
  const { mediaCa, mediaHost, webSocketUrl } = endpoint;
  const target = mediaHost ? new URL(`https://${mediaHost}`) : undefined;
  const redirected = target && {
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || '443',
  };
  const plain = webSocketUrl?.startsWith('ws:');
  return {
    dispatcher: dispatcherFor(mediaCa, redirected, proxyUrl),
    fetchAgent: new LedAgent(mediaCa, redirected, proxyUrl),
    ...(proxyUrl && {
      agent: plain ? new ProxiedAgent(proxyUrl) : new LedAgent(undefined, undefined, proxyUrl),
    }),
  };
}

function dispatcherFor(
  ca: string | undefined,
  redirected: Place | undefined,
  proxyUrl: string | undefined,
): Agent {
  const connect = buildConnector({ ca });
  return new Agent({
    connect: (options, callback) => {
      const there = redirected && {
        ...redirected,
        host: redirected.hostname,
        servername: isIP(redirected.hostname) ? undefined : redirected.hostname,
      };
      const led = { ...options, ...there };
      if (!proxyUrl) {
        connect(led, callback);
        return;
      }
      dial(proxyUrl, led.hostname, Number(led.port || 443)).then(
        (httpSocket) => connect({ ...led, httpSocket }, callback),
        (error) => callback(error, null),
      );
    },
  });
}

type Connecting = Parameters<HttpsAgent['createConnection']>;

/** TLS to where it should go, through a proxy if there is one. */
class LedAgent extends HttpsAgent {
  constructor(
    ca: string | undefined,
    private readonly target: Place | undefined,
    private readonly proxyUrl: string | undefined,
  ) {
    super({ ca });
  }

  // The documented place of node:http.Agent to choose where a connection goes.
  override createConnection(...[options, callback]: Connecting) {
    const there = this.target && {
      host: this.target.hostname,
      port: Number(this.target.port),
      servername: isIP(this.target.hostname) ? '' : this.target.hostname,
    };
    const led = { ...options, ...there };
    if (!this.proxyUrl) return super.createConnection(led, callback);
    const [host, port] = [led.host ?? '', Number(led.port ?? 443)];
    dial(this.proxyUrl, host, port).then(
      (socket) => {
        const servername = led.servername ?? (isIP(host) ? '' : host);
        // A path here would name a socket of this machine.
        const { path: _, ...tls } = led;
        callback?.(null, tlsConnect({ ...tls, host, port, socket, servername }));
      },
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  }
}

/** TCP through a proxy, for a websocket without TLS. */
class ProxiedAgent extends HttpAgent {
  constructor(private readonly proxyUrl: string) {
    super();
  }

  override createConnection(...[options, callback]: Parameters<HttpAgent['createConnection']>) {
    dial(this.proxyUrl, options.host ?? '', Number(options.port ?? 80)).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  }
}
